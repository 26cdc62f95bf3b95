using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;

namespace Granary.CommandLine.Tests.Verbs;

/// <summary>How a verb ends that cannot go on: with one sentence and a code.</summary>
public sealed class FailureTests
{
    public static TheoryData<Exception, int, string> Failures() => new()
    {
        { new GranaryUnavailableException("Nobody answers."), ExitCodes.NotReached, "Nobody answers." },
        { new GranaryOutcomeUnknownException("Perhaps."), ExitCodes.Failed, "Perhaps." },
        { new GranaryException("It is\nfull."), ExitCodes.Failed, "It is full." },
        { Wrong("a b"), ExitCodes.WrongCommandLine, "'a b' is no name." },
        { new InvalidOperationException("A bug."), ExitCodes.Failed, "A bug." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Verb_ThatFails_SaysOneSentenceAsync(Exception failure, int code, string said)
    {
        var run = new CommandRun();
        run.Cluster.Failure = failure;

        Assert.Equal(code, await run.RunAsync("status"));

        Assert.Equal($"granary: {said}\n", run.Terminal.ErrorText);
        Assert.Empty(run.Terminal.Text);
    }

    [Fact]
    public void ExitCodes_AreThoseOfTheReadme() => Assert.Equal(
        [0, 1, 2, 3, 4, 130],
        [
            ExitCodes.Done, ExitCodes.No, ExitCodes.WrongCommandLine, ExitCodes.NotReached, ExitCodes.Failed, ExitCodes.Interrupted,
        ]);

    [Fact]
    public async Task Verb_ThatIsInterrupted_EndsWithoutAWordAsync()
    {
        var run = new CommandRun();
        run.Cluster.Hangs = true;
        using var interrupt = new CancellationTokenSource();

        Task<int> code = run.RunAsync(interrupt.Token, "status");
        await interrupt.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await code);
        Assert.Equal((string.Empty, string.Empty), (run.Terminal.Text, run.Terminal.ErrorText));
    }

    private static ArgumentException Wrong(string name) => new($"'{name}' is no name.", nameof(name));
}
