using System.Buffers.Binary;

namespace Granary.Benchmarks.Scenarios.Queues.Ledgers;

/// <summary>
/// Makes the messages of one run and books what becomes of each, so that a loss, a second delivery or a changed byte is
/// found: a figure without this check is void.
/// </summary>
/// <remarks>Safe. A body is: number (8 B), time stamp (8 B), then random bytes that are the same in all.</remarks>
internal sealed class MessageLedger
{
    public const int HeaderBytes = 16;

    private const int ChunkSize = 1 << 16;
    private const int MaxChunks = 1 << 10;
    private const int Confirmed = 1 << 16; // above the deliveries, which are counted in the lower half

    private readonly byte[] _template;
    private readonly MessageLedger _sent; // whose messages these are: its own, or its topic's
    private readonly List<MessageLedger> _subscriptions = [];
    private readonly int[]?[] _chunks = new int[MaxChunks][];
    private readonly Lock _growing = new();
    private long _made;
    private long _confirmed;
    private long _delivered;
    private long _unexpected;

    public MessageLedger(int bodyBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bodyBytes, HeaderBytes);
        _template = new byte[bodyBytes];
        new Random(1).NextBytes(_template);
        _sent = this;
    }

    private MessageLedger(MessageLedger topic)
    {
        _template = topic._template;
        _sent = topic;
    }

    /// <summary>Sends that the server confirmed.</summary>
    public long ConfirmedCount => Volatile.Read(ref _sent._confirmed);

    /// <summary>Deliveries of messages made here, second ones too.</summary>
    public long DeliveredCount => Volatile.Read(ref _delivered);

    /// <summary>The number of a message made here: 0 for the first.</summary>
    public static long NumberOf(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body);

    /// <summary>
    /// A ledger for the deliveries of one subscription, each of which has every message that is made and confirmed
    /// here. The balance here is all theirs then. To be called before anything is delivered.
    /// </summary>
    public MessageLedger Subscribe()
    {
        var subscription = new MessageLedger(this);
        _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Makes a message.</summary>
    /// <param name="stamp">Comes back with the delivery; ticks of whatever clock the workload measures by.</param>
    public byte[] Make(long stamp = 0)
    {
        long number = Interlocked.Increment(ref _made) - 1;
        byte[] body = _template.AsSpan().ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(body, number);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(sizeof(long)), stamp);
        _ = Slot(number); // grows here, not in the confirmation
        return body;
    }

    public void Confirm(ReadOnlySpan<byte> body)
    {
        Interlocked.Add(ref Slot(NumberOf(body)), Confirmed);
        Interlocked.Increment(ref _confirmed);
    }

    public void Confirm(IEnumerable<byte[]> bodies)
    {
        foreach (byte[] body in bodies)
        {
            Confirm(body);
        }
    }

    /// <summary>Books a delivery.</summary>
    /// <returns>The message's stamp.</returns>
    public long Deliver(ReadOnlySpan<byte> body)
    {
        long number = body.Length == _template.Length ? NumberOf(body) : -1;
        if (number < 0
            || number >= Volatile.Read(ref _sent._made)
            || !body[HeaderBytes..].SequenceEqual(_template.AsSpan(HeaderBytes)))
        {
            Interlocked.Increment(ref _unexpected);
            return 0;
        }

        Interlocked.Increment(ref Slot(number));
        Interlocked.Increment(ref _delivered);
        return BinaryPrimitives.ReadInt64LittleEndian(body[sizeof(long)..]);
    }

    /// <summary>To be read when nothing is under way and the queue is empty.</summary>
    public LedgerBalance Balance()
    {
        if (_subscriptions.Count > 0)
        {
            LedgerBalance[] all = [.. _subscriptions.Select(subscription => subscription.Balance())];
            return new LedgerBalance(
                ConfirmedCount, all.Sum(one => one.Lost), all.Sum(one => one.Duplicates), all.Sum(one => one.Unexpected));
        }

        long lost = 0;
        long duplicates = 0;
        for (long number = 0; number < _sent._made; number++)
        {
            int deliveries = Slot(number) & (Confirmed - 1);
            lost += _sent.Slot(number) >= Confirmed && deliveries == 0 ? 1 : 0;
            duplicates += Math.Max(0, deliveries - 1);
        }

        return new LedgerBalance(ConfirmedCount, lost, duplicates, _unexpected);
    }

    private ref int Slot(long number)
    {
        long chunk = number / ChunkSize;
        if (chunk >= MaxChunks)
        {
            throw new InvalidOperationException($"A run has at most {(long)MaxChunks * ChunkSize} messages.");
        }

        int[]? slots = Volatile.Read(ref _chunks[chunk]);
        if (slots is null)
        {
            lock (_growing)
            {
                slots = _chunks[chunk] ??= new int[ChunkSize];
            }
        }

        return ref slots[number % ChunkSize];
    }
}
