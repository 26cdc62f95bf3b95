using Granary.Cache.Services;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>A long value that is being read, and where its further pages come from.</summary>
/// <param name="Reply">The first page.</param>
/// <param name="Transfers">The silo that holds the value.</param>
public readonly record struct RemoteRead(PagedReadReply Reply, ITransfers Transfers);
