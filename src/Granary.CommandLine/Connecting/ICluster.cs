using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Client;
using Granary.Queues;
using Granary.Reports;

namespace Granary.CommandLine.Connecting;

/// <summary>A cluster, as verbs see it. What it does not answer in time is a <see cref="GranaryUnavailableException"/>.</summary>
internal interface ICluster : IAsyncDisposable
{
    IGranaryCache Cache { get; }

    IGranaryQueues Queues { get; }

    /// <summary>Asks all silos.</summary>
    Task<ClusterReading> ReadAsync(ReportParts parts, CancellationToken cancellationToken);

    /// <summary>All queues. An outage is in the answer.</summary>
    Task<QueueList> ListQueuesAsync(ClusterReading reading, CancellationToken cancellationToken);

    /// <summary>A page of a queue's messages.</summary>
    Task<MessagePage> PeekAsync(string queue, MessageState state, string? from, int max, CancellationToken cancellationToken);

    /// <summary>Tells a silo to hand over what it has, and to end.</summary>
    Task DrainAsync(string silo, CancellationToken cancellationToken);
}
