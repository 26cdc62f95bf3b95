namespace Granary.Queues;

/// <summary>What a receiver says of a message that it has.</summary>
public enum SettlementKind
{
    /// <summary>Done with it: it is gone.</summary>
    Complete,

    /// <summary>Failed: tried again after a delay, or dead-lettered if it has failed often enough.</summary>
    Abandon,

    /// <summary>Given back unharmed: ready at once, no failure counted.</summary>
    Release,

    /// <summary>Put aside until somebody asks for it by position.</summary>
    Defer,

    /// <summary>Given up on, with the reason.</summary>
    DeadLetter,

    /// <summary>Kept: the lease begins anew.</summary>
    Renew,
}
