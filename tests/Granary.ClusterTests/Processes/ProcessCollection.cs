namespace Granary.ClusterTests.Processes;

/// <summary>
/// Tests that start processes and put them under load, or hurt them: they run one after another, and nothing beside them.
/// Those of console and command line, which only ask, are in none: they run first, beside one another.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Processes";
}
