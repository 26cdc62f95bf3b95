namespace Granary.Benchmarks.Load;

/// <summary>How hard to push, and for how long.</summary>
internal sealed record LoadSettings
{
    public required int Connections { get; init; }

    /// <summary>Requests sent together on a connection, and answered before the next ones are sent.</summary>
    public required int Pipeline { get; init; }

    public required int Threads { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>
    /// Requests a second, at a steady pace: an answer is late from when its request was due. <see langword="null"/>: the next
    /// ones are sent when the last ones are answered.
    /// </summary>
    public int? Rate { get; init; }

    /// <summary>Where in the stream the first connection begins; the others follow at equal distances.</summary>
    public required int FirstOperation { get; init; }

    /// <summary>A core the load keeps away from, because the server is pinned to it.</summary>
    public int? ServerCpu { get; init; }
}
