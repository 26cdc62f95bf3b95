using System.Text.Json;
using Granary.Administration.Reading;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;
using Granary.Reports;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class NamespaceVerbTests
{
    [Fact]
    public async Task List_OfNamespaces_IsATableAsync()
    {
        CommandRun run = WithTwo();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("namespace", "list"));

        string[] lines = run.Terminal.Text.Split('\n');
        Assert.StartsWith("NAMESPACE  PREFIX", lines[0], StringComparison.Ordinal);
        Assert.Matches("^news +AW4= \\(base 64\\) +5 +500 B +none +- +0 +- +0$", lines[1]);
        Assert.Matches("^shop +shop: +7 +1 MiB +4 MiB +25 % +40 +75 % +2\\.0$", lines[2]);
    }

    [Fact]
    public async Task List_AsJson_IsWhatTheConsoleShowsOfThemAsync()
    {
        CommandRun run = WithTwo();

        await run.RunAsync("namespace", "list", "--json");

        using JsonDocument list = JsonDocument.Parse(run.Terminal.Text);
        JsonElement shop = list.RootElement[1];
        Assert.Equal("shop:", shop.GetProperty("prefix").GetString());
        Assert.Equal((4 << 20, 0.75), (shop.GetProperty("quotaBytes").GetInt64(), shop.GetProperty("hitRatio").GetDouble()));
    }

    [Fact]
    public async Task List_WithoutNamespaces_SaysSoAsync()
    {
        CommandRun run = StatusVerbTests.Healthy();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("namespace", "list"));

        Assert.Equal("There are no namespaces: silos are told of them by --namespaces.\n", run.Terminal.Text);
    }

    [Theory]
    [InlineData(true, "y", false, true)]
    [InlineData(true, "n", false, false)]
    [InlineData(true, null, true, true)]
    [InlineData(false, null, false, true)]
    public async Task Drop_OfANamespace_AsksWhoCanAnswerAsync(bool canAsk, string? answer, bool yes, bool isDone)
    {
        CommandRun run = WithTwo(new RecordedTerminal { CanAsk = canAsk, Answer = answer });

        int code = await run.RunAsync(["namespace", "drop", "shop", .. yes ? ["--yes"] : (string[])[]]);

        Assert.Equal(isDone ? ExitCodes.Done : ExitCodes.No, code);
        Assert.Equal(isDone ? ["shop"] : [], ((FakeCache)run.Cluster.Cache).Dropped);
        Assert.Equal(isDone ? "All entries of namespace shop removed, 1 MiB.\n" : string.Empty, run.Terminal.Text);
        Assert.Equal(canAsk && !yes, run.Terminal.ErrorText.StartsWith(
            "Remove all entries of namespace shop, 1 MiB, for good? [y/N] ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drop_OfAStranger_NamesThoseThatThereAreAsync()
    {
        CommandRun run = WithTwo();

        Assert.Equal(ExitCodes.No, await run.RunAsync("namespace", "drop", "gone"));

        Assert.Equal("granary: There is no namespace 'gone'; there are news, shop.\n", run.Terminal.ErrorText);
        Assert.Empty(((FakeCache)run.Cluster.Cache).Dropped);
    }

    // In the second between the readings shop was read 40 times, and lost two entries.
    private static CommandRun WithTwo(RecordedTerminal? terminal = null)
    {
        CommandRun run = terminal is null ? new CommandRun() : new CommandRun { Terminal = terminal };
        run.Cluster.Readings.Add(FakeCluster.Reading(0, Silo(seconds: 0, hits: 0, misses: 0, evictions: 0)));
        run.Cluster.Readings.Add(FakeCluster.Reading(1, Silo(seconds: 1, hits: 30, misses: 10, evictions: 2)));
        return run;
    }

    private static SiloReading Silo(int seconds, long hits, long misses, long evictions) =>
        FakeCluster.Silo("a", report => report with
        {
            Uptime = TimeSpan.FromSeconds(100 + seconds),
            Namespaces =
            [
                Space("shop", "shop:"u8, quotaBytes: 4 << 20, entries: 7, bytes: 1 << 20) with
                {
                    Hits = hits, Misses = misses, Evictions = evictions,
                },
                Space("news", "\u0001n"u8, quotaBytes: 0, entries: 5, bytes: 500),
            ],
        });

    private static NamespaceReport Space(string name, ReadOnlySpan<byte> prefix, long quotaBytes, long entries, long bytes) => new()
    {
        Name = name,
        Prefix = prefix.ToArray(),
        QuotaBytes = quotaBytes,
        ShareBytes = quotaBytes,
        Entries = entries,
        EntryBytes = bytes,
        Hits = 0,
        Misses = 0,
        Stores = 0,
        Evictions = 0,
    };
}
