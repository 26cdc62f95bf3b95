namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>What the callers do, each waiting for its answer before it calls again.</summary>
/// <param name="Kind">The call.</param>
/// <param name="Callers">Calls outstanding at a time.</param>
/// <param name="KeysPerCall">1, or the size of a batch.</param>
internal readonly record struct Workload(WorkloadKind Kind, int Callers, int KeysPerCall)
{
    public override string ToString() => Kind == WorkloadKind.GetMany
        ? $"get-many of {KeysPerCall}, {Callers} caller(s)"
        : $"{Kind.ToString().ToLowerInvariant()}, {Callers} caller(s)";
}
