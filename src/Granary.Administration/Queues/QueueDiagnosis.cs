using System.Globalization;
using Granary.Administration.Diagnosis;

namespace Granary.Administration.Queues;

/// <summary>How a queue does, in a word and a sentence.</summary>
internal static class QueueDiagnosis
{
    // A worker that polls, or that has just been started again, takes a message within this.
    private const double PatienceSeconds = 30;

    private const double FailingShare = 0.2;

    public static (QueueHealth Health, string Says) Of(QueueState queue) => queue switch
    {
        { DamagedPartitions: > 0 } =>
            (QueueHealth.Damaged, $"{queue.DamagedPartitions} of {queue.Partitions} partitions are damaged and serve nobody."),
        { Paused: true } =>
            (QueueHealth.Paused, $"Paused: {Plain.Count(queue.Ready, "message")} wait until somebody resumes it."),
        { Kind: QueueKind.Topic } =>
            (queue.Rates.Sent > 0 ? QueueHealth.Ok : QueueHealth.Idle, "Messages are received from its subscriptions."),
        { Ready: > 0, OldestReadySeconds: > PatienceSeconds, Rates.Received: 0 } => (QueueHealth.Stuck, Stuck(queue)),
        { Ready: > 0, WaitingReceivers: > 0, Rates.Failed: > 0 } => // what is ready and not taken waits for its group
            (QueueHealth.Failing, $"{Plain.Count(queue.Ready, "message")} wait behind one of their group that fails again and again."),
        _ when IsFailing(queue) => (QueueHealth.Failing, Failing(queue)),
        { Ready: > 0, OldestReadySeconds: > PatienceSeconds } =>
            (QueueHealth.Busy, $"The oldest of {Plain.Count(queue.Ready, "message")} has waited for {Plain.Age(queue.OldestReadySeconds.Value)}."),
        { Ready: > 0 } or { Leased: > 0 } or { Rates.Sent: > 0 } or { Behind: > 0 } => (QueueHealth.Ok, "Messages are worked on."),
        { Delayed: > 0 } => (QueueHealth.Idle, $"{Plain.Count(queue.Delayed, "message")} wait for their time."),
        _ => (QueueHealth.Idle, "There is nothing to do."),
    };

    private static string Stuck(QueueState queue) => queue.WaitingReceivers > 0
        ? $"{Plain.Count(queue.Ready, "message")} are ready, and {Plain.Count(queue.WaitingReceivers, "receiver")} wait: "
            + "the messages wait for others of their group."
        : queue.Leased > 0
            ? $"The workers have {Plain.Count(queue.Leased, "message")} and take no more; the oldest has waited for {Plain.Age(queue.OldestReadySeconds!.Value)}."
            : $"No worker takes messages; the oldest has waited for {Plain.Age(queue.OldestReadySeconds!.Value)}.";

    private static bool IsFailing(QueueState queue) =>
        queue.Rates.Failed + queue.Rates.DeadLettered > 0
        && queue.Rates.Failed + queue.Rates.DeadLettered >= queue.Rates.Received * FailingShare;

    private static string Failing(QueueState queue) => string.Create(
        CultureInfo.InvariantCulture,
        $"{queue.Rates.Failed:0.0} of {queue.Rates.Received:0.0} deliveries a second fail.");
}
