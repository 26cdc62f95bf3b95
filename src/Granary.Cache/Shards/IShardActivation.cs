namespace Granary.Cache.Shards;

/// <summary>What the registry asks of the grain that holds a shard.</summary>
internal interface IShardActivation
{
    /// <summary>Ends it: it must not serve the shard any more.</summary>
    void Deactivate(string reason);

    /// <summary>Moves it to another silo; the new activation gets the ticket.</summary>
    void Migrate(SiloAddress target, OpeningTicket ticket);
}
