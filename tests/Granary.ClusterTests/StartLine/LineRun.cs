using System.CommandLine;
using Granary.Silo.Settings;
using Granary.Silo.StartLine;

namespace Granary.ClusterTests.StartLine;

/// <summary>A line of memcached's flags, and what came of it in this process; no silo is started.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Set">What a silo would have been run with; <see langword="null"/> if none would.</param>
/// <param name="Said">To people.</param>
internal sealed record LineRun(int ExitCode, IReadOnlyDictionary<string, string?>? Set, string Said)
{
    /// <param name="words">The flags, with spaces between.</param>
    public static async Task<LineRun> StartAsync(string words)
    {
        IReadOnlyDictionary<string, string?>? set = null;
        RootCommand command = SiloCommand.Create((settings, _) =>
        {
            set = settings;
            return Task.FromResult(0);
        });
        ParseResult line = command.Parse(["memcached", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        using var said = new StringWriter();
        int exitCode = MemcachedCommand.Refuse(line, said) ?? await line.InvokeAsync(
            new InvocationConfiguration { Output = said, Error = said }, TestContext.Current.CancellationToken);
        return new LineRun(exitCode, set, $"{said}");
    }
}
