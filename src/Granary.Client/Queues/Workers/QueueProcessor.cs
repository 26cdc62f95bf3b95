using System.Threading.Channels;
using Granary.Client.Queues.Calls;
using Granary.Client.Queues.Workers;
using Microsoft.Extensions.Logging;

namespace Granary.Client;

/// <summary>
/// Calls a handler for each message of a queue: receives as many as it has room for, renews their leases while they are
/// worked on, and settles them. Thread-safe.
/// </summary>
public sealed class QueueProcessor : IAsyncDisposable
{
    private readonly QueueReceiver _receiver;
    private readonly Func<MessageContext, CancellationToken, Task> _handler;
    private readonly QueueProcessorOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private Task? _running;

    internal QueueProcessor(
        QueueReceiver receiver,
        Func<MessageContext, CancellationToken, Task> handler,
        QueueProcessorOptions options,
        ILogger logger)
    {
        _receiver = receiver;
        _handler = handler;
        _options = options;
        _logger = logger;
    }

    /// <summary>The queue.</summary>
    public string Queue => _receiver.Queue;

    /// <summary>Begins to receive. Outages are waited for.</summary>
    /// <exception cref="InvalidOperationException">It was started or stopped before.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (_running is not null || _stopping.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The processor of queue '{Queue}' was started or stopped before.");
            }

            _running = RunAsync();
        }
    }

    /// <summary>
    /// Receives no more, gives back what no handler has begun, and waits for the handlers that run: for
    /// <see cref="QueueProcessorOptions.DrainTime"/>, then their token is cancelled. No failure is counted for those
    /// that then end.
    /// </summary>
    /// <param name="cancellationToken">Cancels the handlers' token at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        Task? running;
        lock (_lock)
        {
            running = _running;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        if (running is null)
        {
            return;
        }

        try
        {
            await running.WaitAsync(_options.DrainTime, _receiver.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await _aborting.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        int capacity = _options.MaxConcurrentCalls + _options.PrefetchCount;
        Channel<HeldMessage> fetched = Channel.CreateUnbounded<HeldMessage>(); // the room bounds it
        using SemaphoreSlim room = new(capacity);
        Task[] workers = [.. Enumerable.Range(0, _options.MaxConcurrentCalls).Select(_ => WorkAsync(fetched.Reader, room))];
        try
        {
            await FetchAsync(fetched.Writer, room).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }

        fetched.Writer.Complete();
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    // One receive at a time, for all the room there is.
    private async Task FetchAsync(ChannelWriter<HeldMessage> fetched, SemaphoreSlim room)
    {
        while (true)
        {
            await room.WaitAsync(_stopping.Token).ConfigureAwait(false);
            int wanted = 1;
            while (wanted < room.CurrentCount + wanted && await room.WaitAsync(0).ConfigureAwait(false))
            {
                wanted++;
            }

            IReadOnlyList<ReceivedMessage> received =
                await _receiver.ReceiveInTimeAsync(_stopping.Token, wanted).ConfigureAwait(false);
            foreach (ReceivedMessage message in received)
            {
                fetched.TryWrite(new HeldMessage(_receiver, message, _options.MaxAutoLockRenewalDuration, _aborting.Token));
            }

            if (wanted > received.Count)
            {
                room.Release(wanted - received.Count);
            }
        }
    }

    private async Task WorkAsync(ChannelReader<HeldMessage> fetched, SemaphoreSlim room)
    {
        await foreach (HeldMessage held in fetched.ReadAllAsync().ConfigureAwait(false))
        {
            await using (held.ConfigureAwait(false))
            {
                if (_stopping.IsCancellationRequested)
                {
                    await _receiver.ReleaseAsync([held.Message]).ConfigureAwait(false);
                }
                else
                {
                    await HandleAsync(held).ConfigureAwait(false);
                }
            }

            room.Release();
        }
    }

    private async Task HandleAsync(HeldMessage held)
    {
        MessageContext context = new(_receiver, held.Message);
        using MessageActivity activity = MessageActivity.Process(Queue, held.Message);
        try
        {
            await _handler(context, held.Token).ConfigureAwait(false);
            if (!context.IsSettled)
            {
                await context.CompleteAsync().ConfigureAwait(false);
            }
        }
        catch (GranaryLockLostException exception)
        {
            Log.MessageLost(_logger, Queue, $"{held.Message.Position}", exception);
        }
        catch (Exception exception) // the edge: one message
        {
            activity.Fail(exception);
            await FailedAsync(context, held, exception).ConfigureAwait(false);
        }
    }

    private async Task FailedAsync(MessageContext context, HeldMessage held, Exception exception)
    {
        Log.MessageFailed(_logger, Queue, $"{held.Message.Position}", held.Message.DeliveryCount + 1, exception);
        if (context.IsSettled || held.IsLost)
        {
            return;
        }

        try
        {
            await (held.Token.IsCancellationRequested
                ? context.ReleaseAsync()
                : context.AbandonAsync($"{exception.GetType().FullName}: {exception.Message}")).ConfigureAwait(false);
        }
        catch (GranaryException settling)
        {
            Log.MessageLost(_logger, Queue, $"{held.Message.Position}", settling); // its lease ends by itself
        }
    }
}
