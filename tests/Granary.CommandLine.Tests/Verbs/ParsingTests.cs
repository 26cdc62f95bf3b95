using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;

namespace Granary.CommandLine.Tests.Verbs;

/// <summary>What may be typed, and what is said about the rest.</summary>
public sealed class ParsingTests
{
    private static readonly string[] Leaves =
    [
        "status", "shards", "top", "get K", "set K V", "delete K", "queue list", "queue peek q", "queue send q b", "queue redrive q",
        "queue purge q --state dead", "queue pause q", "queue resume q", "drain s",
    ];

    public static TheoryData<string> Lines() => [.. Leaves];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Verb_WithConnectionOptions_PassesThemOnAsync(string line)
    {
        var run = new CommandRun { Refusal = new VerbException("stop", ExitCodes.NotReached) };

        int code = await run.RunAsync([.. line.Split(' '), "--connect", "a:1,b:2", "--credentials", "/etc/x", "--timeout", "2.5", "--json"]);

        Assert.Equal(ExitCodes.NotReached, code);
        Assert.Equal(new ConnectionSettings("a:1,b:2", "/etc/x", TimeSpan.FromSeconds(2.5)), run.Settings);
        Assert.Equal("granary: stop\n", run.Terminal.ErrorText);
        Assert.Empty(run.Terminal.Text);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Help_OfAVerb_NamesItsOptionsAsync(string line)
    {
        var run = new CommandRun();

        int code = await run.RunAsync([.. line.Split(' ').TakeWhile(static word => word is not ("K" or "q" or "s")), "--help"]);

        Assert.Equal(ExitCodes.Done, code);
        Assert.All(["--connect", "--credentials", "--timeout", "--json"], option => Assert.Contains(option, run.ParserText, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connection_WithoutOptions_IsOfTheEnvironmentAsync()
    {
        var run = new CommandRun { Refusal = new VerbException("stop", ExitCodes.NotReached) }
            .With("GRANARY_CONNECT", "c:3")
            .With("GRANARY_CREDENTIALS", "/run/secrets");

        await run.RunAsync("status");

        Assert.Equal(new ConnectionSettings("c:3", "/run/secrets", TimeSpan.FromSeconds(10)), run.Settings);
    }

    [Fact]
    public async Task Connection_WithNothing_IsThisMachineAsync()
    {
        var run = new CommandRun { Refusal = new VerbException("stop", ExitCodes.NotReached) };

        await run.RunAsync("status");

        Assert.Equal(new ConnectionSettings("127.0.0.1:30000", null, TimeSpan.FromSeconds(10)), run.Settings);
    }

    [Theory]
    [InlineData("stauts", "'stauts' is no verb; there are status, shards, top,")]
    [InlineData("queue lst", "'lst' is no verb; there are list, peek,")]
    [InlineData("queue", "Required command was not provided.")]
    [InlineData("status now", "now")]
    [InlineData("get", "Required argument missing")]
    [InlineData("status --timeout soon", "soon")]
    [InlineData("status --timeout 0", "--timeout is 0; it must be from 0.1 to 3600.")]
    [InlineData("status --fail-on info", "info")]
    [InlineData("top --interval 0.1", "--interval is 0.1; it must be from 0.5 to 3600.")]
    [InlineData("top --count 0", "--count is 0")]
    [InlineData("set k v --ttl 10x", "'10x' is no time")]
    [InlineData("set k v --ttl 0", "'0' is no time")]
    [InlineData("queue peek q --state broken", "broken")]
    [InlineData("queue peek q --max 101", "--max is 101; it must be from 1 to 100.")]
    [InlineData("queue purge q", "--state")]
    [InlineData("queue purge q --state leased", "leased")]
    [InlineData("queue redrive q --position 3", "'3' is no position")]
    [InlineData("queue redrive q --rate 0", "--rate is 0")]
    [InlineData("queue send q b --header =x", "'=x' is no header")]
    [InlineData("queue send q b --header a=1 --header a=2", "'a' is given twice")]
    [InlineData("completion tcsh", "tcsh")]
    public async Task Line_ThatMakesNoSense_IsRefusedAsync(string line, string said)
    {
        var run = new CommandRun();

        int code = await run.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.WrongCommandLine, code);
        Assert.Contains(said, run.ParserText, StringComparison.Ordinal);
        Assert.StartsWith("granary: ", run.ParserText, StringComparison.Ordinal);
        Assert.Null(run.Settings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("namespace")]
    [InlineData("queue")]
    public async Task Help_OfAListOfVerbs_HasOneLineForEachAsync(string line)
    {
        var run = new CommandRun();

        Assert.Equal(ExitCodes.Done, await run.RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]));

        string[] verbs = [.. run.ParserText.Split('\n').SkipWhile(static one => one != "Commands:").Skip(1).Where(static one => one.Trim().Length > 0)];
        Assert.InRange(verbs.Length, 2, 10);
        Assert.All(verbs, static verb => Assert.Matches("^  [a-z]+ .*\\.$", verb));
    }

    [Theory]
    [InlineData("", "queue")]
    [InlineData("queue p", "pause")]
    [InlineData("queue peek q --state ", "delayed")]
    [InlineData("completion ", "pwsh")]
    public async Task Suggestion_OfABeginning_NamesWhatMayFollowAsync(string line, string suggested)
    {
        var run = new CommandRun();

        await run.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(suggested, run.ParserText.Split('\n'), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete -c granary")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_OfAShell_IsAScriptAsync(string shell, string part)
    {
        var run = new CommandRun();

        int code = await run.RunAsync("completion", shell);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains(part, run.Terminal.Text, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Terminal.Text, StringComparison.Ordinal);
    }
}
