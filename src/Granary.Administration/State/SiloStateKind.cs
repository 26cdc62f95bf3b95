namespace Granary.Administration.State;

/// <summary>Whether a silo takes part.</summary>
public enum SiloStateKind
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>It leaves, and hands over what it has.</summary>
    Draining,

    /// <summary>It is a member, and did not answer.</summary>
    Silent,
}
