using Orleans.Runtime.Placement;

namespace Granary.Cache.Shards;

/// <summary>The grain that holds a shard here.</summary>
internal sealed class GrainActivation(IGrainContext context) : IShardActivation
{
    /// <summary>For the next activation; the grain hands it over when it migrates.</summary>
    public OpeningTicket? Ticket { get; private set; }

    public void Deactivate(string reason) =>
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, reason));

    public void Migrate(SiloAddress target, OpeningTicket ticket)
    {
        Ticket = ticket;
        context.Migrate(
            new Dictionary<string, object>(StringComparer.Ordinal) { [IPlacementDirector.PlacementHintKey] = target },
            CancellationToken.None);
    }
}
