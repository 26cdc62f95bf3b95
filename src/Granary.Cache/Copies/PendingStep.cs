using Granary.Shards;

namespace Granary.Cache.Copies;

/// <summary>A step under way, and how far the copy is when it has been applied.</summary>
/// <param name="Copy">Whose it is.</param>
/// <param name="Step">What was sent.</param>
/// <param name="Covered">The changes that the target has after it.</param>
internal readonly record struct PendingStep(OutgoingCopy Copy, CopyStep Step, long Covered);
