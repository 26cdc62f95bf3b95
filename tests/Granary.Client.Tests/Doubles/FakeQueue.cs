using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Granary.Client.Queues.Calls;
using Granary.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Granary.Client.Tests.Doubles;

/// <summary>A queue whose messages are numbers, each given out once; answers as it is told. Thread-safe.</summary>
internal sealed class FakeQueue : IQueueAccess, IQueueGrain, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails

    private readonly Lock _lock = new();
    private readonly Queue<LeasedContent> _ready = [];
    private readonly ConcurrentQueue<string> _settled = [];
    private readonly SemaphoreSlim _settling = new(0);
    private readonly SemaphoreSlim _receiving = new(0);
    private TaskCompletionSource<LeasedContent[]>? _waiting;
    private bool _isClosed;
    private int _added;
    private int _sends;

    /// <summary>Settlements that have come, like <c>Complete 0</c>.</summary>
    public string[] Settled => [.. _settled];

    /// <summary>Calls that have sent something.</summary>
    public int Sends => _sends;

    public int Dead { get; set; }

    /// <summary>What a settlement is answered; it may throw.</summary>
    public Func<Settlement, SettleOutcome> Settle { get; set; } = static _ => SettleOutcome.Done;

    /// <summary>Ends the last receive.</summary>
    public CancellationToken Receive { get; private set; }

    /// <summary>Called before a receive is answered; it may throw.</summary>
    public Action? Receiving { get; set; }

    /// <summary>What a send is answered; it may throw.</summary>
    public Func<OutgoingMessage, SendOutcome> Send { get; set; } = static _ => SendOutcome.Accepted;

    /// <summary>Every client's.</summary>
    public FakeReplyInbox Replies { get; } = new();

    IQueueCatalogGrain IQueueAccess.Catalog => throw new NotSupportedException();

    /// <summary>A client of this queue.</summary>
    public IGranaryQueues ClientOf(TimeProvider time)
    {
        IOptions<GranaryClientOptions> options = Options.Create(new GranaryClientOptions());
        return new GranaryQueues(
            new QueueCalls(this, options, time, static () => { }, static () => { }), options, NullLogger<QueueProcessor>.Instance);
    }

    IQueueGrain IQueueAccess.Queue(string name) => this;

    IReplyInboxGrain IQueueAccess.ReplyInbox(Guid id) => Replies;

    /// <summary>Adds messages: the next numbers.</summary>
    public void Add(int messages)
    {
        for (int message = 0; message < messages; message++)
        {
            AddText(_added.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void AddText(string body, IReadOnlyDictionary<string, string>? headers = null)
    {
        ReadOnlyMemory<byte> packed = headers is null ? default : JsonSerializer.SerializeToUtf8Bytes(headers);
        lock (_lock)
        {
            _ready.Enqueue(new LeasedContent(
                new LeasedMessage(new Receipt(0, _added, 1, 1), 0, 0, TimeSpan.FromSeconds(30)),
                new StoredMessage(_added, 0, 0, long.MaxValue, null, null, packed, Encoding.UTF8.GetBytes(body))));
            _added++;
        }
    }

    /// <summary>Answers the receive that waits, if there is one, with what there is.</summary>
    public void Answer()
    {
        lock (_lock)
        {
            _waiting?.SetResult(Take_NeedsLock(int.MaxValue));
            _waiting = null;
        }
    }

    /// <summary>Does so, and from now on nobody waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Answer();
        }
    }

    /// <summary>Another settlement has come.</summary>
    public async Task SettlementAsync() => Assert.True(
        await _settling.WaitAsync(Deadline, TestContext.Current.CancellationToken),
        $"No further settlement has come within {Deadline}; there were {string.Join(", ", _settled)}.");

    /// <summary>Another receive waits because there is nothing.</summary>
    public Task ReceiverWaitsAsync() => _receiving.WaitAsync(TestContext.Current.CancellationToken);

    public ValueTask<LeasedContent[]> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        Receive = cancellationToken;
        Receiving?.Invoke();
        lock (_lock)
        {
            if (_ready.Count > 0)
            {
                return new(Take_NeedsLock(max));
            }

            if (_isClosed)
            {
                return NothingAsync();
            }

            _waiting = new TaskCompletionSource<LeasedContent[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            _receiving.Release();
            return new(_waiting.Task);
        }
    }

    public ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        foreach (Settlement settlement in settlements)
        {
            _settled.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{settlement.Kind} {settlement.Receipt.Offset}"));
        }

        _settling.Release(settlements.Length);
        return new(Array.ConvertAll(settlements, settlement => Settle(settlement)));
    }

    public ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches)
    {
        Interlocked.Increment(ref _sends);
        return new(Array.ConvertAll(batches, batch =>
            Array.ConvertAll(batch, message => new SendResult(Send(message), new MessagePosition(0, 0)))));
    }

    public ValueTask<int> RedriveAsync(DeadFilter filter, int max)
    {
        int redriven = Math.Min(max, Dead);
        Dead -= redriven;
        return new(redriven);
    }

    public ValueTask<QueueStatistics> GetStatisticsAsync() => new(new QueueStatistics { Dead = Dead });

    public ValueTask<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease) =>
        throw new NotSupportedException();

    public ValueTask<bool> CancelScheduledAsync(MessagePosition position) => throw new NotSupportedException();

    public ValueTask<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max) =>
        throw new NotSupportedException();

    public ValueTask<PeekedContent[]> PeekFailingAsync(int max) => throw new NotSupportedException();

    public ValueTask SeekAsync(SubscriptionStart start) => throw new NotSupportedException();

    public ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max) => throw new NotSupportedException();

    public void Dispose()
    {
        _settling.Dispose();
        _receiving.Dispose();
    }

    // Not at once: no silo answers so.
    private static async ValueTask<LeasedContent[]> NothingAsync()
    {
        await Task.Yield();
        return [];
    }

    private LeasedContent[] Take_NeedsLock(int max)
    {
        var taken = new LeasedContent[Math.Min(max, _ready.Count)];
        for (int index = 0; index < taken.Length; index++)
        {
            taken[index] = _ready.Dequeue();
        }

        return taken;
    }
}
