namespace Granary.ClusterTests.Processes;

/// <summary>Every test that starts processes is in it: they run one after another, and nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Processes";
}
