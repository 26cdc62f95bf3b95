namespace Granary.Benchmarks.Peers;

/// <summary>How a server program is started and stopped.</summary>
internal sealed record ServerCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The core the whole process is pinned to; <see langword="null"/> leaves it free.</summary>
    public int? Cpu { get; init; }

    /// <summary>Variables beside this program's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A working directory that outlives the process; <see langword="null"/> for one of its own.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether SIGINT stops it, for servers that wait for their clients after SIGTERM.</summary>
    public bool StopsByInterrupt { get; init; }
}
