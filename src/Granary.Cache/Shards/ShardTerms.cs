namespace Granary.Cache.Shards;

/// <summary>
/// The terms of one shard, as far as this silo knows: the highest it has promised to follow, and the last that was
/// announced. Under the slot's lock; <see cref="Owner"/> and <see cref="Announced"/> may be read without.
/// </summary>
internal sealed class ShardTerms
{
    private SiloAddress? _promisedTo;
    private SiloAddress? _owner;
    private long _announced;
    private long _highestHeard;

    /// <summary>No claim below this one is followed any more.</summary>
    public long Promised { get; private set; }

    /// <summary>The highest term at which anybody was about to serve.</summary>
    public long Announced => Volatile.Read(ref _announced);

    /// <summary>
    /// Who announced it, or was found since: the silo that serves the shard, unless it has left or is just giving it
    /// away. <see langword="null"/> if this silo has heard of none.
    /// </summary>
    public SiloAddress? Owner => Volatile.Read(ref _owner);

    /// <summary>A term above all known ones.</summary>
    public long Next => Math.Max(Promised, _highestHeard) + 1;

    public bool IsPromisedTo(SiloAddress silo) => silo.Equals(_promisedTo);

    public void Promise(SiloAddress silo, long term)
    {
        Promised = term;
        _promisedTo = silo;
    }

    /// <summary>A silo, this one too, is about to serve at the term that is promised to it.</summary>
    public void Announce(SiloAddress owner, long term)
    {
        Promise(owner, term);
        Volatile.Write(ref _announced, term);
        Volatile.Write(ref _owner, owner);
    }

    /// <summary>Somebody has been found who serves the shard, or is about to.</summary>
    /// <param name="silo">Who.</param>
    /// <param name="announced">What <see cref="Announced"/> was before: of no account if somebody has announced it since.</param>
    public void Located(SiloAddress silo, long announced)
    {
        if (Announced == announced)
        {
            Volatile.Write(ref _owner, silo);
        }
    }

    /// <summary>Another silo has promised this term: a claim below it is refused there.</summary>
    public void Heard(long promised) => _highestHeard = Math.Max(_highestHeard, promised);

    /// <summary>Another silo follows a later claim than the one served here: so does this one, whosever it is.</summary>
    public void Raise(long promised) => Promised = Math.Max(Promised, promised);
}
