using System.Diagnostics;
using System.Globalization;
using Granary.Client;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>
/// Messages that are sent at a rate and worked on, and what senders and workers were told. Most have a MessageId, and some
/// of those are sent three times; one of eight has none; some fail whenever they are worked on, until they are dead.
/// </summary>
/// <param name="senders">Send.</param>
/// <param name="workers">Work, by a client of their own.</param>
/// <param name="messagesPerSecond">That are sent.</param>
/// <param name="queue">The queue's name, or the topic's.</param>
/// <param name="subscriptions">Of the topic, all of which have all messages; none of a queue.</param>
internal sealed class QueueLoad(
    IGranaryQueues senders, IGranaryQueues workers, int messagesPerSecond, string queue, params string[] subscriptions)
    : IAsyncDisposable
{
    private const int Window = 64;
    private const int FailuresOfPoison = 10;
    private const int Poison = 500; // one of so many

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueueLedger> _ledgers = (subscriptions.Length == 0 ? [queue] : subscriptions)
        .ToDictionary(
            one => subscriptions.Length == 0 ? one : SubscriptionName.Of(queue, one),
            static _ => new QueueLedger(),
            StringComparer.Ordinal);

    private readonly List<QueueProcessor> _processors = [];
    private Task _sending = Task.CompletedTask;
    private TimeSpan _measuredFrom;
    private TimeSpan _longest;
    private string _longestAt = "";
    private int _next;

    /// <summary>Sends without a MessageId of which nobody knows whether they are stored.</summary>
    public int Unknown => Ledger.Unknown;

    /// <summary>The longest time that one send took, after the first second: then all silos have warmed up.</summary>
    public TimeSpan LongestSend
    {
        get
        {
            lock (_lock)
            {
                return _longest;
            }
        }
    }

    // Of those who receive one: all were told the same about sends.
    private QueueLedger Ledger => _ledgers.First().Value;

    public async Task StartAsync()
    {
        await PutAsync(new QueueOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(10),
            RetryDelay = TimeSpan.FromMilliseconds(50),
            MaxRetryDelay = TimeSpan.FromMilliseconds(200),
            MaxDeliveryCount = FailuresOfPoison,
        });
        foreach ((string receiver, QueueLedger ledger) in _ledgers)
        {
            QueueProcessor processor = workers.CreateProcessor(
                receiver,
                (context, token) => WorkAsync(context, ledger, token),
                new QueueProcessorOptions { MaxConcurrentCalls = 16, PrefetchCount = 64 });
            _processors.Add(processor);
            processor.Start();
        }

        _sending = Task.WhenAll(Enumerable.Range(0, Window).Select(_ => SendAsync(senders.CreateSender(queue))));
        await ContinueAsync(TimeSpan.FromSeconds(1));
        lock (_lock)
        {
            _measuredFrom = _clock.Elapsed;
            _longest = TimeSpan.Zero;
        }
    }

    /// <summary>Lets the load go on until so much more has been confirmed.</summary>
    public async Task ContinueAsync(TimeSpan time)
    {
        int until = Ledger.Sent + (int)(time.TotalSeconds * messagesPerSecond / 2); // what was late is caught up with
        Stopwatch clock = Stopwatch.StartNew();
        while (Ledger.Sent < until || clock.Elapsed < time)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"Nothing is confirmed any more: {this}");
            await Task.Delay(20);
        }
    }

    /// <summary>Ends the sending, waits until all is worked on, and checks what everybody was told.</summary>
    public async Task<string> CompleteAsync()
    {
        await _end.CancelAsync();
        await _sending;
        List<string> reports = [$"{queue}: {this}"];
        foreach ((string receiver, QueueLedger ledger) in _ledgers)
        {
            QueueStatistics left = await QueueDrain.WaitAsync(senders.Administration, receiver);
            reports.Add($"{receiver}: {ledger}");
            ledger.AssertNothingLost();
            Assert.Equal(ledger.Poisoned, left.Dead);
        }

        return string.Join(Environment.NewLine, reports);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (QueueProcessor processor in _processors)
        {
            await processor.DisposeAsync();
        }

        _end.Dispose();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_clock.Elapsed.TotalSeconds:F0} s, {messagesPerSecond}/s: {Ledger}; longest send {LongestSend.TotalSeconds:F2} s "
            + $"{_longestAt}");

    private async Task PutAsync(QueueOptions options)
    {
        if (subscriptions.Length == 0)
        {
            await senders.Administration.PutAsync(new QueueDefinition(queue, 8, options));
        }

        foreach (string subscription in subscriptions)
        {
            await senders.Administration.PutSubscriptionAsync(
                queue, new SubscriptionDefinition(subscription) { Options = options });
        }
    }

    private async Task SendAsync(IQueueSender sender)
    {
        while (!_end.IsCancellationRequested)
        {
            int number = Interlocked.Increment(ref _next);
            TimeSpan early = TimeSpan.FromSeconds((double)number / messagesPerSecond) - _clock.Elapsed;
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            string id = string.Create(CultureInfo.InvariantCulture, $"m{number}");
            QueueMessage message = QueueMessage.Of(id);
            await (number % 8 == 0
                ? SendOnceAsync(sender, id, message)
                : SendSurelyAsync(sender, id, message with { MessageId = id }, number % 8 == 1 ? 3 : 1));
        }
    }

    private async Task SendOnceAsync(IQueueSender sender, string id, QueueMessage message)
    {
        try
        {
            Confirmed(id, await MeasureAsync(sender, message));
        }
        catch (GranaryOutcomeUnknownException)
        {
            Ledger.OutcomeUnknown();
        }
        catch (GranaryUnavailableException)
        {
            Array.ForEach([.. _ledgers.Values], ledger => ledger.Refused(id));
        }
    }

    private async Task SendSurelyAsync(IQueueSender sender, string id, QueueMessage message, int times)
    {
        for (int sent = 0; sent < times;)
        {
            try
            {
                Confirmed(id, await MeasureAsync(sender, message));
                sent++;
            }
            catch (GranaryException exception) when (
                exception is GranaryUnavailableException or GranaryOutcomeUnknownException)
            {
                // A long outage; it is sent again with the same MessageId.
            }
        }
    }

    private void Confirmed(string id, SendReceipt receipt) =>
        Array.ForEach([.. _ledgers.Values], ledger => ledger.Confirmed(id, receipt));

    private async Task<SendReceipt> MeasureAsync(IQueueSender sender, QueueMessage message)
    {
        TimeSpan begin = _clock.Elapsed;
        try
        {
            return await sender.SendAsync(message);
        }
        finally
        {
            TimeSpan took = _clock.Elapsed - begin;
            lock (_lock)
            {
                if (took > _longest && begin >= _measuredFrom)
                {
                    _longest = took;
                    _longestAt = string.Create(CultureInfo.InvariantCulture, $"from {begin.TotalSeconds:F1} s on");
                }
            }
        }
    }

    private static async Task WorkAsync(MessageContext context, QueueLedger ledger, CancellationToken cancellationToken)
    {
        string id = context.Message.As<string>()!;
        ledger.Delivered(id, context.Message);
        try
        {
            if (int.Parse(id.AsSpan(1), CultureInfo.InvariantCulture) % Poison == 0)
            {
                ledger.Poison(id);
                await context.AbandonAsync("poison", cancellationToken: cancellationToken);
                ledger.Failed(id);
            }
            else
            {
                await context.CompleteAsync(cancellationToken);
                ledger.Settled(context.Message);
            }
        }
        catch (GranaryOutcomeUnknownException)
        {
            // It may come again, or not.
        }
    }
}
