using System.Net;

namespace Granary.Benchmarks.Load;

/// <summary>What a round loads: one server, or several that are one.</summary>
internal sealed record LoadTarget
{
    /// <summary>The connections are spread over them evenly.</summary>
    public required IPEndPoint[] EndPoints { get; init; }

    /// <summary>Whose processor time counts; <see langword="null"/> if it is unknown.</summary>
    public required int[]? ProcessIds { get; init; }

    /// <summary>
    /// For each operation of the stream, which of the end points holds its key: another one has to forward it.
    /// <see langword="null"/> if none has.
    /// </summary>
    public byte[]? Owners { get; init; }

    /// <summary>A server by itself.</summary>
    public static LoadTarget Of(IPEndPoint server, int? processId) => new()
    {
        EndPoints = [server],
        ProcessIds = processId is { } id ? [id] : null,
    };

    /// <summary>Whether an end point has to forward an operation.</summary>
    public bool IsForwarded(int operation, int endPoint) => Owners is not null && Owners[operation] != endPoint;
}
