namespace Granary.Benchmarks.Scenarios.Clients;

internal enum WorkloadKind
{
    Get,
    Set,
    GetMany,
}
