namespace Granary.Administration.State;

/// <summary>The last hour of one silo, at the cluster's points; <see langword="null"/> where it was not there.</summary>
/// <param name="UsedBytes">Taken from its budget.</param>
/// <param name="Operations">Per second, on its shards.</param>
public sealed record SiloHistory(IReadOnlyList<double?> UsedBytes, IReadOnlyList<double?> Operations);
