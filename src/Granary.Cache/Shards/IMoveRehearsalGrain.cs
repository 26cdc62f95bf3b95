namespace Granary.Cache.Shards;

/// <summary>Holds nothing; moves as a shard's activation does. One for each rehearsal.</summary>
[Alias("granary.IMoveRehearsalGrain")]
internal interface IMoveRehearsalGrain : IGrainWithGuidKey
{
    /// <summary>Where it is. The first call activates it on the caller's silo.</summary>
    [Alias("Locate"), ResponseTimeout("00:00:02")]
    ValueTask<SiloAddress> LocateAsync();

    /// <summary>Sends it to another silo. It may still be here when this returns.</summary>
    [Alias("Move"), ResponseTimeout("00:00:02")]
    ValueTask MoveAsync(SiloAddress target);

    /// <summary>It is not needed any more.</summary>
    [Alias("End"), ResponseTimeout("00:00:02")]
    ValueTask EndAsync();
}
