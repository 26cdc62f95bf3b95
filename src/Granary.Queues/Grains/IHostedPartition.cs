using Granary.Queues.Logs;

namespace Granary.Queues.Grains;

/// <summary>A partition that is on this silo.</summary>
internal interface IHostedPartition
{
    PartitionId Id { get; }

    /// <summary>Lets it go to another silo. Calls that come meanwhile go there as well. Once; from any thread.</summary>
    void MoveTo(SiloAddress silo);
}
