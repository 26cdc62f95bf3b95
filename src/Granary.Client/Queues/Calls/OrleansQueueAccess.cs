using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <summary>Asks through the Orleans client.</summary>
internal sealed class OrleansQueueAccess(IClusterClient client) : IQueueAccess
{
    public IQueueCatalogGrain Catalog => client.GetGrain<IQueueCatalogGrain>(0);

    public IQueueGrain Queue(string name) => client.GetGrain<IQueueGrain>(name);

    public IReplyInboxGrain ReplyInbox(Guid id) => client.GetGrain<IReplyInboxGrain>(id);
}
