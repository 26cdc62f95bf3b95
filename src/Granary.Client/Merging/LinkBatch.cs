using System.Diagnostics;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>Packed operations and who waits for each. Not thread-safe: its link's lock, or one owner.</summary>
/// <remarks>The packed bytes are the only copy of the operations: retries read them back from there.</remarks>
internal sealed class LinkBatch
{
    private const int MaxKeptBytes = 16 << 10; // the pool keeps up to a thousand

    private static readonly int EmptyBytes = new BatchWriter().Length;

    private BatchEntry[] _entries = new BatchEntry[16];
    private int _entryCount;

    public BatchWriter Writer { get; } = new();

    /// <summary>Length of the packed operations, without the batch's header.</summary>
    public int OperationBytes => Writer.Length - EmptyBytes;

    /// <summary>The packed bytes, once <see cref="Pack"/> has closed the batch.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    /// <summary>When the batch left. A timestamp of the client's clock.</summary>
    public long SentAt { get; set; }

    public Span<BatchEntry> Entries => _entries.AsSpan(0, _entryCount);

    public void Add(PendingOperation target, int slot, int attempt, in PackedOperation operation)
    {
        Writer.Add(operation);
        if (_entryCount > 0)
        {
            ref BatchEntry last = ref _entries[_entryCount - 1];
            if (ReferenceEquals(last.Target, target) && last.Slot + last.Count == slot && last.Attempt == attempt)
            {
                last.Count++;
                return;
            }
        }

        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entryCount * 2);
        }

        _entries[_entryCount++] = new BatchEntry { Target = target, Slot = slot, Attempt = attempt, Count = 1 };
    }

    /// <summary>An empty batch for operations that are packed aside.</summary>
    public static LinkBatch Rent() => OperationPool<LinkBatch>.Rent();

    /// <summary>Gives a rented batch back, unless its buffer grew long.</summary>
    public void Return()
    {
        if (Writer.Length <= MaxKeptBytes)
        {
            Clear();
            OperationPool<LinkBatch>.Return(this);
        }
    }

    /// <summary>Gives all packed operations to one call: their ordinals are its slots.</summary>
    public void AssignTo(PendingOperation target)
    {
        _entries[0] = new BatchEntry { Target = target, Slot = 0, Attempt = 0, Count = Writer.Count };
        _entryCount = 1;
    }

    /// <summary>Closes the batch: the operations can be read from <see cref="Message"/>.</summary>
    public void Pack(long viewVersion) => Message = Writer.Complete(hops: 0, viewVersion);

    /// <summary>Forgets everything and keeps the buffers.</summary>
    public void Clear()
    {
        Writer.Clear();
        Message = default;
        Entries.Clear();
        _entryCount = 0;
    }

    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        int slots = 0;
        foreach (ref BatchEntry entry in Entries)
        {
            Debug.Assert(entry.Count > 0, "An entry waits for nothing.");
            slots += entry.Count;
        }

        Debug.Assert(slots == Writer.Count, "Entries and packed operations differ.");
    }
}
