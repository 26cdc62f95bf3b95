namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>What the callers do, each waiting for its answer before it calls again.</summary>
/// <param name="Kind">The call.</param>
/// <param name="Callers">Calls outstanding at a time.</param>
/// <param name="KeysPerCall">1, or the size of a batch.</param>
internal readonly record struct Workload(WorkloadKind Kind, int Callers, int KeysPerCall)
{
    /// <summary>Gets and sets of one key, and batches of gets, each by so many callers.</summary>
    public static Workload[] All(int[] callers, int[] batchCallers, int keysPerBatch) =>
    [
        .. callers.Select(count => new Workload(WorkloadKind.Get, count, 1)),
        .. batchCallers.Select(count => new Workload(WorkloadKind.GetMany, count, keysPerBatch)),
        .. callers.Select(count => new Workload(WorkloadKind.Set, count, 1)),
    ];

    public override string ToString() => Kind == WorkloadKind.GetMany
        ? $"get-many of {KeysPerCall}, {Callers} caller(s)"
        : $"{Kind.ToString().ToLowerInvariant()}, {Callers} caller(s)";
}
