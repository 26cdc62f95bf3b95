namespace Granary.Client.Cache.Near;

/// <summary>What a read of the cluster has found; with <see langword="default"/> a miss.</summary>
/// <param name="Value">The value.</param>
/// <param name="ExpiresAt">When the entry expires. A timestamp; <see cref="long.MaxValue"/> for never, or if that is not known.</param>
internal readonly record struct NearFinding(KeptValue? Value, long ExpiresAt);
