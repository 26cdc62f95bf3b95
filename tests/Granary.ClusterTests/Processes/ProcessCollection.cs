namespace Granary.ClusterTests.Processes;

/// <summary>
/// Tests that put silos under load, or measure times: they run one after another, and nothing beside them. Those that
/// mostly wait are in no collection: they run first, beside one another.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Processes";
}
