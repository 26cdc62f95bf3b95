using System.Globalization;

namespace Granary.ClusterTests.Security;

/// <summary>What a process listens on, as Linux tells it.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";
    private const string SocketPrefix = "socket:[";

    /// <summary>The TCP ports, of IPv4 and IPv6.</summary>
    public static IReadOnlySet<int> Of(int processId)
    {
        HashSet<string> sockets = [.. Directory.EnumerateFiles($"/proc/{processId}/fd").Select(InodeOf).OfType<string>()];
        return ((string[])["tcp", "tcp6"])
            .SelectMany(protocol => File.ReadLines($"/proc/{processId}/net/{protocol}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && sockets.Contains(fields[9]))
            .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .ToHashSet();
    }

    private static string? InodeOf(string descriptor) =>
        new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith(SocketPrefix, StringComparison.Ordinal)
            ? target[SocketPrefix.Length..^1]
            : null;
}
