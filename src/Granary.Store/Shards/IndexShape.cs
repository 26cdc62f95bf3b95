namespace Granary.Store.Shards;

/// <summary>How many buckets an index has, and so which one a hash belongs to.</summary>
/// <param name="Level">2^Level buckets, and as many as <paramref name="Split"/> says.</param>
/// <param name="Split">Buckets that are split in two already: the first ones.</param>
internal readonly record struct IndexShape(int Level, int Split)
{
    public int BucketCount => (1 << Level) + Split;

    /// <summary>With one bucket more: bucket <see cref="Split"/> is split.</summary>
    public IndexShape Grown => Split + 1 == 1 << Level ? new(Level + 1, 0) : this with { Split = Split + 1 };

    /// <summary>With one bucket less: the last one's entries go back to bucket <see cref="Split"/> of this.</summary>
    public IndexShape Shrunk => Split == 0 ? new(Level - 1, (1 << (Level - 1)) - 1) : this with { Split = Split - 1 };

    /// <summary>The bucket of a hash. When the index grows it stays, or becomes a higher one.</summary>
    public int BucketOf(ulong hash)
    {
        int number = (int)hash & ((1 << Level) - 1);
        return number < Split ? (int)hash & ((2 << Level) - 1) : number;
    }

    /// <summary>A number that changes when this bucket is split.</summary>
    public int ModulusOf(int bucket) => bucket < Split || bucket >= 1 << Level ? 2 << Level : 1 << Level;
}
