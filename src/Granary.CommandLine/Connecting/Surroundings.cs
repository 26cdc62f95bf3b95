using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Connecting;

/// <summary>What verbs reach the world by.</summary>
/// <param name="Terminal">Where they read and write.</param>
/// <param name="Connect">How they come to a cluster.</param>
/// <param name="Variable">An environment variable; <see langword="null"/>: it is not set.</param>
/// <param name="Time">The clock.</param>
internal sealed record Surroundings(
    ITerminal Terminal,
    Func<ConnectionSettings, CancellationToken, Task<ICluster>> Connect,
    Func<string, string?> Variable,
    TimeProvider Time)
{
    /// <summary>Of this process.</summary>
    public static Surroundings Create() => new(
        new SystemTerminal(TimeProvider.System),
        ConnectedCluster.ConnectAsync,
        Environment.GetEnvironmentVariable,
        TimeProvider.System);
}
