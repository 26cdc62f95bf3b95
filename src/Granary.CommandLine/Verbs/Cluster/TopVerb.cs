using System.CommandLine;
using Granary.Administration;
using Granary.Administration.Reading;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Reports;
using Spectre.Console;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>The verb <c>top</c>.</summary>
internal static class TopVerb
{
    private const string Description = """
        Shows what is going on, again and again: silos, the hottest keys, the busiest queues.

        It ends with q or Ctrl-C. Where the output is no terminal one frame is printed, or --count of them. With --json each
        frame is a line, as 'status --json' prints it.
        """;

    private const double DefaultInterval = 2; // the console's
    private const double MaxInterval = 3600;

    // Percentiles are of so many readings: about ten seconds with the interval that is not given.
    private const int Window = 6;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    public static Command Create(Surroundings surroundings)
    {
        var interval = new Option<double>("--interval")
        {
            Description = "Between two frames.",
            HelpName = "SECONDS",
            DefaultValueFactory = static _ => DefaultInterval,
        };
        interval.Validators.Add(static result => ConnectionOptions.CheckRange(result, 0.5, MaxInterval));
        var count = new Option<int?>("--count") { Description = "Frames, and then the end.", HelpName = "N" };
        count.Validators.Add(static result => ConnectionOptions.CheckRange(result, 1, int.MaxValue));
        return Verb.Create(surroundings, "top", Description, [interval, count], async (call, cancellationToken) =>
        {
            bool isLive = call.Terminal.IsRich && !call.WantsJson;
            int frames = call.Line.GetValue(count) ?? (isLive ? int.MaxValue : 1);
            TimeSpan wait = TimeSpan.FromSeconds(call.Line.GetValue(interval));
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            try
            {
                if (isLive)
                {
                    await call.Terminal.Console
                        .Live(new Text("Reading the cluster ..."))
                        .Overflow(VerticalOverflow.Crop)
                        .Cropping(VerticalOverflowCropping.Bottom)
                        .StartAsync(context => WatchAsync(
                            call,
                            cluster,
                            frames,
                            wait,
                            look => context.UpdateTarget(RichReport.Of(TopReport.Of(look), call.Terminal.Console.Profile.Width)),
                            cancellationToken));
                }
                else
                {
                    await WatchAsync(call, cluster, frames, wait, look => Print(call, look), cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Ctrl-C is how it ends.
            }

            return ExitCodes.Done;
        });
    }

    private static async Task WatchAsync(
        VerbCall call, ICluster cluster, int frames, TimeSpan wait, Action<ClusterLook> show, CancellationToken cancellationToken)
    {
        var readings = new List<ClusterReading> { await cluster.ReadAsync(ReportParts.None, cancellationToken) };
        bool isOver = await call.Terminal.WaitForQuitAsync(wait < FirstWait ? wait : FirstWait, cancellationToken);
        for (int frame = 0; frame < frames && !isOver; frame++)
        {
            readings.Add(await cluster.ReadAsync(ReportParts.Queues | ReportParts.History, cancellationToken));
            readings.RemoveRange(0, Math.Max(0, readings.Count - Window));
            show(await ClusterLook.OfAsync(cluster, readings, cancellationToken));
            isOver = frame < frames - 1 && await call.Terminal.WaitForQuitAsync(wait, cancellationToken);
        }
    }

    private static void Print(VerbCall call, ClusterLook look)
    {
        call.Tell(look.Cluster, AdministrationJson.Default.ClusterState, () =>
        {
            Report report = TopReport.Of(look);
            report.Space();
            return report;
        });
        call.Terminal.Out.Flush();
    }
}
