using Granary.Queues;

namespace Granary.Silo.Hosting;

/// <summary>How much there is to do in a queue, in the whole cluster.</summary>
/// <param name="Queue">Its name, or <c>topic/subscription</c>.</param>
/// <param name="Backlog">
/// Ready, leased, and what a subscription has not come to: what keeps workers busy now. Scale workers by it: by what is
/// ready alone, those that work would be taken away.
/// </param>
/// <param name="Ready">Messages that wait for a worker.</param>
/// <param name="Leased">Messages that workers have.</param>
/// <param name="Delayed">Messages that are not due.</param>
/// <param name="Deferred">Messages put aside.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestReadySeconds">How long the oldest message that is ready has been there.</param>
internal sealed record QueueDepth(
    string Queue,
    long Backlog,
    long Ready,
    long Leased,
    long Delayed,
    long Deferred,
    long Dead,
    double OldestReadySeconds)
{
    public static QueueDepth Of(string queue, QueueStatistics statistics) => new(
        queue,
        statistics.Ready + statistics.Leased + statistics.Behind,
        statistics.Ready,
        statistics.Leased,
        statistics.Delayed,
        statistics.Deferred,
        statistics.Dead,
        statistics.OldestReadyAge.TotalSeconds);
}
