using Granary.Cache.Services;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>A long value that is being written, and where its further pages go.</summary>
/// <param name="Reply">The outcome of the first page.</param>
/// <param name="Transfers">The silo that takes the value.</param>
public readonly record struct RemoteWrite(PagedWriteReply Reply, ITransfers Transfers);
