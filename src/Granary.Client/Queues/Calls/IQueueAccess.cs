using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <summary>The grains of the queues.</summary>
internal interface IQueueAccess
{
    IQueueCatalogGrain Catalog { get; }

    IQueueGrain Queue(string name);

    IReplyInboxGrain ReplyInbox(Guid id);
}
