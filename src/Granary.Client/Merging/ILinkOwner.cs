using Granary.Client.Routing;

namespace Granary.Client.Merging;

/// <summary>What a link tells whoever routes operations to it. All members are thread-safe.</summary>
internal interface ILinkOwner
{
    /// <summary>The view to write into batches.</summary>
    long ViewVersion { get; }

    /// <summary>A reply came from a silo that has this view.</summary>
    void OnReply(long viewVersion);

    /// <summary>The link has room again for operations that wait for it.</summary>
    void OnRoom();

    /// <summary>Send these operations again; none of them was applied, or repeating does no harm.</summary>
    /// <param name="operations">The owner's from now on.</param>
    /// <param name="refresh">Whether the map looks wrong, or the silo gone.</param>
    void Redispatch(LinkBatch operations, bool refresh);

    /// <summary>Read a value by pages and answer the slot with it.</summary>
    void ReadPages(PendingOperation target, int slot, byte[] key, long? expiration);

    /// <summary>A message failed.</summary>
    void OnFailure(SiloLink link, Exception error);

    /// <summary>Times and what is said when they are over.</summary>
    Deadlines Deadlines { get; }
}
