namespace Granary.Administration.State;

/// <summary>How bad it is.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; it passes.</summary>
    Info,

    /// <summary>Somebody should look at it today.</summary>
    Warning,

    /// <summary>Somebody should look at it now.</summary>
    Critical,
}
