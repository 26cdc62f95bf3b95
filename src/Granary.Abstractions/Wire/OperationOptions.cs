namespace Granary.Wire;

/// <summary>
/// What an operation with options does beside what its name says: all that memcached's meta commands ask for. Each option
/// is of the operations named with it; the others ignore it. Numbers that are 0 take no room in a batch.
/// </summary>
[GenerateSerializer, Immutable, Alias("granary.OperationOptions")]
public readonly record struct OperationOptions
{
    /// <summary>Which of the options count.</summary>
    [Id(0)]
    public OperationBits Bits { get; init; }

    /// <summary>
    /// Of <see cref="CacheOperation.PutWith"/>: <see cref="CacheOperation.Set"/> to
    /// <see cref="CacheOperation.CompareAndSet"/>.
    /// </summary>
    [Id(1)]
    public CacheOperation Mode { get; init; }

    /// <summary>
    /// When an entry that is created expires: see <see cref="OperationBits.Creates"/>, <see cref="WireExpiration"/>.
    /// </summary>
    [Id(2)]
    public long Creation { get; init; }

    /// <summary>See <see cref="OperationBits.Refreshes"/>, <see cref="WireExpiration"/>.</summary>
    [Id(3)]
    public long Refresh { get; init; }

    /// <summary>The cas that the entry must have: see <see cref="OperationBits.Compares"/>.</summary>
    [Id(4)]
    public ulong Compare { get; init; }

    /// <summary>The cas that clients see from then on; 0: the shard's next.</summary>
    [Id(5)]
    public ulong NewCas { get; init; }

    /// <summary>Of <see cref="CacheOperation.CountWith"/>: the number of an entry that is created.</summary>
    [Id(6)]
    public ulong Initial { get; init; }

    /// <summary>
    /// Of <see cref="CacheOperation.PutWith"/>: the hashes of the entry's tags, at most <see cref="TagHash.MaxTags"/>.
    /// </summary>
    [Id(7)]
    public ReadOnlyMemory<ulong> Tags { get; init; }

    /// <summary>Whether an option is set.</summary>
    public bool Has(OperationBits bit) => (Bits & bit) != OperationBits.None;
}
