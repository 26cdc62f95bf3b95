namespace Granary.Console;

/// <summary>What the console has to know of the silo that it is in.</summary>
public sealed class ConsoleOptions
{
    internal const string Nobody = "anybody"; // in the audit log of a silo that asks for no token

    /// <summary>The silo's name.</summary>
    public required string SiloName { get; init; }

    /// <summary>The version of its program.</summary>
    public required string Version { get; init; }

    /// <summary>Whether nobody has to log in: then everybody is an operator.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>The role of those who may act.</summary>
    public required string OperatorRole { get; init; }

    /// <summary>Orleans' dashboard; <see langword="null"/>: it is not there.</summary>
    public required string? DashboardPath { get; init; }

    /// <summary>Where people log out.</summary>
    public required string LogoutPath { get; init; }
}
