using Granary.Client;
using Granary.Queues;

namespace Granary.ClientSample.Pi;

/// <summary>What the roles are connected by: a topic with two subscriptions, and two queues.</summary>
internal sealed class PiQueues(IGranaryQueues queues)
{
    private const string Points = "pi.points";
    private const string Questions = "pi.pythagoras";
    private const string Verdicts = "pi.tally";
    private const string JudgesSubscription = "judge";

    private static readonly string[] All = [Points, Questions, Verdicts];

    /// <summary>The judges' points, as one names them who receives.</summary>
    public const string ForJudges = $"{Points}/{JudgesSubscription}";

    public const string ForTally = Verdicts;

    public IQueueAdministration Administration => queues.Administration;

    public IQueueSender PointSender { get; } = queues.CreateSender(Points);

    public IQueueSender VerdictSender { get; } = queues.CreateSender(Verdicts);

    public IQueueRequester Pythagoras { get; } = queues.CreateRequester(Questions);

    private static QueueProcessorOptions Many => new() { MaxConcurrentCalls = 64, PrefetchCount = 64 };

    /// <summary>Makes them. Subscriptions are there before the first point: a message is for those that are.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (string queue in All)
        {
            await Administration.DeleteAsync(queue, cancellationToken); // of the last run
        }

        QueueOptions impatient = new()
        {
            LeaseDuration = TimeSpan.FromSeconds(2),
            MaxDeliveryCount = 3,
            RetryDelay = TimeSpan.FromMilliseconds(100),
        };
        SubscriptionDefinition sure = new("always-yes") { Filter = new() { Subjects = ["pi.bits.00"] } };
        SubscriptionDefinition unsure = new(JudgesSubscription)
        {
            Filter = new() { Subjects = ["pi.bits.01", "pi.bits.10", "pi.bits.11"] },
            Options = impatient,
        };
        await Administration.PutSubscriptionAsync(Points, sure, cancellationToken);
        await Administration.PutSubscriptionAsync(Points, unsure, cancellationToken);
    }

    public QueueProcessor StartAlwaysYes() => Started(queues.CreateProcessor(
        $"{Points}/always-yes", (sample, token) => Roles.AlwaysYesAsync(sample, VerdictSender, token), Many));

    /// <param name="isMended">Whether what is no point is let go, instead of breaking the judge.</param>
    public QueueProcessor StartJudge(Func<bool> isMended) => Started(queues.CreateProcessor(
        ForJudges,
        (sample, token) => isMended() && sample.Message.MessageId is null
            ? Task.CompletedTask
            : Roles.JudgeAsync(sample, Pythagoras, VerdictSender, token),
        Many));

    public QueueProcessor StartPythagoras() =>
        Started(queues.CreateResponder<Point, string>(Questions, Roles.PythagorasAsync, Many));

    public QueueProcessor StartTally(Tally tally) =>
        Started(queues.CreateProcessor(Verdicts, (verdict, _) => Roles.TallyAsync(verdict, tally), Many));

    private static QueueProcessor Started(QueueProcessor processor)
    {
        processor.Start();
        return processor;
    }
}
