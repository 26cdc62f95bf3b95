using Granary.Cache.Watching;

namespace Granary.Cache.Routing;

/// <summary>Whose answer an operation of a waiting batch is.</summary>
/// <param name="Window">The caller's window.</param>
/// <param name="Index">The operation's place in it.</param>
/// <param name="Deadline">When it is given up: a timestamp of the router's clock.</param>
/// <param name="MayDetour">Whether it may wait for its shard; else the answer is "not owner", and the caller asks again.</param>
/// <param name="Read">If it is a read whose answer is to be kept.</param>
internal readonly record struct WaitingOperation(
    RemoteWindow Window, int Index, long Deadline, bool MayDetour, HotRead? Read = null);
