using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <summary>Asks through Orleans.</summary>
internal sealed class OrleansQueueAccess(IGrainFactory grains) : IQueueAccess
{
    public IQueueCatalogGrain Catalog => grains.GetGrain<IQueueCatalogGrain>(0);

    public IQueueGrain Queue(string name) => grains.GetGrain<IQueueGrain>(name);

    public IReplyInboxGrain ReplyInbox(Guid id) => grains.GetGrain<IReplyInboxGrain>(id);
}
