using System.Text.Json;
using Granary.Administration;
using Granary.Administration.Queues;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;
using Granary.Queues;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class QueueVerbTests
{
    [Fact]
    public async Task List_OfQueues_IsATableAndSentencesAsync()
    {
        CommandRun run = StatusVerbTests.Healthy();
        run.Cluster.QueueList = new QueueList(0, Available: true, Reason: null,
        [
            Queue("mail"), Queue("orders", dead: 3) with { State = QueueHealth.Stuck, Says = "No worker takes messages." },
        ]);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("queue", "list"));

        string[] lines = run.Terminal.Text.Split('\n');
        Assert.StartsWith("QUEUE   IS     READY  LEASED  DELAYED  DEFERRED  DEAD  OLDEST", lines[0], StringComparison.Ordinal);
        Assert.Matches("^orders  stuck +5 +2 +0 +0 +3 +40 s +1.5 ", lines[2]);
        Assert.Equal("orders: No worker takes messages.", lines[4]);
    }

    [Fact]
    public async Task List_AsJson_IsTheListThatTheConsoleShowsAsync()
    {
        CommandRun run = StatusVerbTests.Healthy();
        run.Cluster.QueueList = new QueueList(0, Available: true, Reason: null, [Queue("mail")]);

        await run.RunAsync("queue", "list", "--json");

        QueueList read = JsonSerializer.Deserialize(run.Terminal.Text, AdministrationJson.Default.QueueList)!;
        Assert.Equal(run.Cluster.QueueList.Queues, read.Queues);
    }

    [Fact]
    public async Task List_ThatCannotBeRead_FailsAsync()
    {
        CommandRun run = StatusVerbTests.Healthy();
        run.Cluster.QueueList = new QueueList(0, Available: false, "The store is away.", []);

        Assert.Equal(ExitCodes.Failed, await run.RunAsync("queue", "list"));

        Assert.Equal("granary: The queues cannot be read: The store is away.\n", run.Terminal.ErrorText);
    }

    [Theory]
    [InlineData("queue peek nobody", ExitCodes.No, "There is no queue 'nobody'")]
    [InlineData("queue redrive nobody", ExitCodes.No, "There is no queue 'nobody'")]
    [InlineData("queue purge nobody --state dead", ExitCodes.No, "There is no queue 'nobody'")]
    [InlineData("queue pause nobody", ExitCodes.No, "There is no queue 'nobody'")]
    [InlineData("queue resume orders/x", ExitCodes.No, "'orders' has no subscription 'x'; it has none.")]
    [InlineData("queue pause no$name", ExitCodes.WrongCommandLine, "'no$name' is no name of a queue")]
    [InlineData("queue peek news", ExitCodes.WrongCommandLine, "'news' is a topic: name one of its subscriptions; it has none.")]
    public async Task Name_ThatIsNotThere_IsSaidAsync(string line, int code, string said)
    {
        CommandRun run = WithQueue();

        Assert.Equal(code, await run.RunAsync(line.Split(' ')));

        Assert.Contains(said, run.Terminal.ErrorText, StringComparison.Ordinal);
        Assert.Empty(((FakeQueues)run.Cluster.Queues).Done);
    }

    [Fact]
    public async Task Peek_OfDeadLetters_SaysWhyInOneLineEachAsync()
    {
        CommandRun run = WithQueue();
        run.Cluster.Page = new MessagePage([Message() with { Body = "two\nlines", DeadReason = "MaxDeliveryCount", LastFailure = "Boom\u001b[2J" }], "3.18");

        Assert.Equal(ExitCodes.Done, await run.RunAsync("queue", "peek", "orders"));

        string[] lines = run.Terminal.Text.Split('\n');
        Assert.Matches("^3.17 +5 s +2 +order-7 +- +- +9 +two lines +MaxDeliveryCount: Boom \\[2J$", lines[1]);
        Assert.Equal("There may be more: --from 3.18", lines[2]);
    }

    [Fact]
    public async Task Peek_AsJson_IsThePageThatTheConsoleShowsAsync()
    {
        CommandRun run = WithQueue();
        run.Cluster.Page = new MessagePage([Message()], null);

        await run.RunAsync("queue", "peek", "orders", "--json");

        MessagePage read = JsonSerializer.Deserialize(run.Terminal.Text, AdministrationJson.Default.MessagePage)!;
        Assert.Equal("3.17", read.Messages.Single().Position);
    }

    [Fact]
    public async Task Redrive_WithAFilter_PassesItOnAsync()
    {
        CommandRun run = WithQueue(dead: 1);

        Assert.Equal(0, await run.RunAsync("queue", "redrive", "orders", "--reason", "Late", "--position", "3.17", "--rate", "50"));

        Assert.Equal(["redrive orders reason=Late positions=3.17 rate=50"], ((FakeQueues)run.Cluster.Queues).Done);
        Assert.Equal("1 message of orders ready again.\n", run.Terminal.Text);
    }

    [Fact]
    public async Task Redrive_OfAPositionThatIsNoDeadLetters_SaysSoAsync()
    {
        CommandRun run = WithQueue(dead: 0);

        Assert.Equal(ExitCodes.No, await run.RunAsync("queue", "redrive", "orders", "--position", "3.17"));

        Assert.Contains("3.17", run.Terminal.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "y", false, true)]
    [InlineData(true, "n", false, false)]
    [InlineData(true, null, false, false)]
    [InlineData(true, null, true, true)]
    [InlineData(false, null, false, true)]
    public async Task Purge_OfDeadLetters_AsksWhoCanAnswerAsync(bool canAsk, string? answer, bool yes, bool isDone)
    {
        CommandRun run = WithQueue(dead: 2, new RecordedTerminal { CanAsk = canAsk, Answer = answer });

        int code = await run.RunAsync(["queue", "purge", "orders", "--state", "dead", .. yes ? ["--yes"] : (string[])[]]);

        Assert.Equal(isDone ? ExitCodes.Done : ExitCodes.No, code);
        Assert.Equal(isDone ? ["purge orders Dead"] : [], ((FakeQueues)run.Cluster.Queues).Done);
        Assert.Equal(isDone ? "2 dead messages of orders removed.\n" : string.Empty, run.Terminal.Text);
        Assert.Equal(canAsk && !yes, run.Terminal.ErrorText.StartsWith("Remove 2 dead messages of orders for good? [y/N] ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task Pause_OfAQueue_IsDoneAsync(string verb)
    {
        CommandRun run = WithQueue();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("queue", verb, "orders", "--json"));

        Assert.Equal([$"{verb} orders"], ((FakeQueues)run.Cluster.Queues).Done);
        Assert.Equal($"{{\"action\":\"{verb}\",\"about\":\"orders\",\"count\":1}}\n", run.Terminal.Text);
    }

    internal static QueueState Queue(string name, long dead = 0) => new()
    {
        Name = name,
        Kind = QueueKind.Queue,
        Durability = Durability.Strict,
        Partitions = 8,
        OpenPartitions = 8,
        Paused = false,
        Ready = 5,
        Delayed = 0,
        Leased = 2,
        Deferred = 0,
        Dead = dead,
        Behind = 0,
        OldestReadySeconds = 40,
        OldestLeaseSeconds = 1,
        DamagedPartitions = 0,
        Rates = new QueueRates(1.5, 1, 1, 0, 0),
        WaitingReceivers = 0,
        State = QueueHealth.Ok,
        Says = "Messages are worked on.",
    };

    private static MessageView Message() => new()
    {
        Position = "3.17",
        State = MessageState.Dead,
        MessageId = "order-7",
        Group = null,
        Subject = null,
        ContentType = null,
        SentAt = new DateTimeOffset(2026, 11, 26, 16, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        DueAt = null,
        Failures = 2,
        Deliveries = 2,
        Headers = new Dictionary<string, string>(StringComparer.Ordinal),
        BodyBytes = 9,
        Body = "a body",
        BodyIsText = true,
        BodyIsCut = false,
        DeadReason = null,
        DeadDescription = null,
        LastFailure = null,
        LastFailureAt = null,
    };

    private static CommandRun WithQueue(long dead = 0, RecordedTerminal? terminal = null)
    {
        CommandRun run = StatusVerbTests.Healthy(terminal);
        FakeQueues queues = new() { Dead = dead };
        queues.Definitions.Add(new QueueDefinition("orders", 8, new QueueOptions()));
        queues.Definitions.Add(new QueueDefinition("news", 8, new QueueOptions()) { Topic = new TopicOptions() });
        run.Cluster.Queues = queues;
        return run;
    }
}
