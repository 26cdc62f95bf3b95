using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs;

/// <summary>A verb while it runs. One thread.</summary>
internal sealed class VerbCall(Surroundings surroundings, ParseResult line, ConnectionOptions connection) : IAsyncDisposable
{
    private ICluster? _cluster;

    /// <summary>What was typed.</summary>
    public ParseResult Line => line;

    public ITerminal Terminal => surroundings.Terminal;

    public TimeProvider Time => surroundings.Time;

    public bool WantsJson { get; } = connection.WantsJson(line);

    public ConnectionSettings Settings { get; } = connection.Read(line);

    /// <summary>Connects, the first time.</summary>
    /// <exception cref="VerbException">No silo answers.</exception>
    public async Task<ICluster> ConnectAsync(CancellationToken cancellationToken) =>
        _cluster ??= await surroundings.Connect(Settings, cancellationToken);

    /// <summary>Asks before something is removed, if somebody can answer: on standard error, for standard output may be a file.</summary>
    /// <exception cref="VerbException">It is not to be.</exception>
    public void AskUnless(bool isAgreed, string question)
    {
        if (isAgreed || !Terminal.CanAsk)
        {
            return;
        }

        Terminal.Error.Write($"{question} [y/N] ");
        Terminal.Error.Flush();
        if (Terminal.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new VerbException("Nothing was removed.", ExitCodes.No);
        }
    }

    /// <summary>Writes JSON if that is wanted, else text.</summary>
    public void Tell<T>(T value, JsonTypeInfo<T> type, Func<Report> report)
    {
        if (WantsJson)
        {
            Json.Write(Terminal, value, type);
        }
        else
        {
            report().WriteTo(Terminal);
        }
    }

    /// <summary>Writes what was done.</summary>
    public void Tell(ActionResult done, string sentence) =>
        Tell(done, VerbJson.Default.ActionResult, () =>
        {
            var report = new Report();
            report.Line(sentence);
            return report;
        });

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? default;
}
