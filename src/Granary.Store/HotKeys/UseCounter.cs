namespace Granary.Store.HotKeys;

/// <summary>What <see cref="SpaceSaving"/> knows of one key.</summary>
internal struct UseCounter
{
    public ulong Hash;

    /// <summary>Uses seen since the key has the counter.</summary>
    public int Reads;

    /// <inheritdoc cref="Reads"/>
    public int Writes;

    /// <summary>The count of the key that had it before: at most so often this one was used before it had the counter.</summary>
    public int Error;

    public ushort Shard;
    public ushort KeyLength;

    /// <summary>The next counter of the same bucket of the hash table, or -1.</summary>
    public short Next;

    /// <summary>At least as often the key was used.</summary>
    public readonly int Count => Error + Reads + Writes;
}
