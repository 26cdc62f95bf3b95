using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// Keys of one kind, what must be true of them, and the ledger of what the cluster has acknowledged. All workers use one
/// instance at once; no two families share a key.
/// </summary>
internal interface IKeyFamily
{
    FamilyTally Tally { get; }

    /// <summary>Creates the entries that must be there, each worker its part.</summary>
    Task PrepareAsync(Worker worker);

    /// <summary>Does one thing and compares the answers with the ledger. A turn has been taken already.</summary>
    ValueTask StepAsync(Worker worker);

    /// <summary>Compares what is left at the end with the ledger, each worker its part; nobody changes anything.</summary>
    Task VerifyAsync(Worker worker);
}
