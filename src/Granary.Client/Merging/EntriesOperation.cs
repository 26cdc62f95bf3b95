using System.Threading.Tasks.Sources;
using Granary.Client.Values;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>A read of many entries: slots in the order in which they were sent, results in the caller's.</summary>
internal sealed class EntriesOperation<T> : PendingOperation, IValueTaskSource<CacheEntry<T>[]>
{
    private const int MaxKeptSlots = 1024;

    private EntryCodec? _codec;
    private OperationReply[] _replies = [];
    private int[] _order = [];

    /// <summary>The place of each slot's entry in the result; the sender fills it.</summary>
    public Span<int> Order => _order.AsSpan(0, Slots);

    public ValueTask<CacheEntry<T>[]> Task => new(this, Version);

    public static EntriesOperation<T> Start(
        EntryCodec codec, int slots, long deadline, CancellationToken cancellationToken)
    {
        EntriesOperation<T> operation = OperationPool<EntriesOperation<T>>.Rent();
        operation._codec = codec;
        if (operation._replies.Length < slots)
        {
            operation._replies = new OperationReply[Math.Max(slots, 16)];
            operation._order = new int[operation._replies.Length];
        }

        operation.Begin(CacheOperation.Get, slots, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply) => _replies[slot] = reply;

    public CacheEntry<T>[] GetResult(short token)
    {
        _ = GetStatus(token);
        try
        {
            Take(token);
            return Decode();
        }
        finally
        {
            LetGo();
        }
    }

    protected override void Return()
    {
        Array.Clear(_replies, 0, Slots);
        if (_replies.Length > MaxKeptSlots)
        {
            _replies = [];
            _order = [];
        }

        _codec = null;
        OperationPool<EntriesOperation<T>>.Return(this);
    }

    private CacheEntry<T>[] Decode()
    {
        var entries = new CacheEntry<T>[Slots];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[_order[i]] = EntryOperation<T>.Decode(_codec!, _replies[i]);
        }

        return entries;
    }
}
