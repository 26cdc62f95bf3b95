using System.CommandLine;
using Granary.Administration.Reading;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>The verb <c>drain</c>.</summary>
internal static class DrainVerb
{
    private const string Description = """
        Lets a silo hand its shards over to the others, and then end.

        It returns when the silo has been told; with --wait when the silo is gone. What is done cannot be taken back: start the
        silo again. The last silo of a cluster ends as well, and what its cache has is gone.
        """;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static Command Create(Surroundings surroundings)
    {
        var name = new Argument<string>("SILO") { Description = "The silo's name, as 'status' shows it." };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is gone, and show how many shards it still has." };
        return Verb.Create(surroundings, "drain", Description, [name, wait], async (call, cancellationToken) =>
        {
            string silo = call.Line.GetValue(name)!;
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            ClusterReading before = await cluster.ReadAsync(ReportParts.None, cancellationToken);
            SiloReading leaving = Find(before, silo) ?? throw new VerbException(
                $"There is no silo '{silo}'; the cluster has {string.Join(", ", before.Silos.Select(static one => one.Silo.Name))}.",
                ExitCodes.No);
            if (!leaving.Silo.Draining)
            {
                await cluster.DrainAsync(silo, cancellationToken);
            }

            int shards = leaving.Report?.OpenShards.Length ?? 0;
            if (!call.Line.GetValue(wait))
            {
                call.Tell(
                    new ActionResult("drain", silo, shards),
                    $"Silo {silo} hands over {Figures.Count(shards, "shard")}, and ends then; 'granary drain {silo} --wait' waits for it.");
                return ExitCodes.Done;
            }

            bool isLast = before.Silos.Count == 1;
            await Bars.RunAsync(call.Terminal, $"Silo {silo} hands over", shards, async tell =>
            {
                await WaitAsync(call, cluster, leaving, isLast, left => tell(shards - left), cancellationToken);
                return true;
            });
            call.Tell(new ActionResult("drain", silo, shards), $"Silo {silo} is gone.");
            return ExitCodes.Done;
        });
    }

    private static SiloReading? Find(ClusterReading reading, string silo) =>
        reading.Silos.FirstOrDefault(one => one.Silo.Name == silo);

    private static async Task WaitAsync(
        VerbCall call, ICluster cluster, SiloReading leaving, bool isLast, Action<int> tell, CancellationToken cancellationToken)
    {
        int told = -1;
        while (true)
        {
            try
            {
                ClusterReading now = await cluster.ReadAsync(ReportParts.None, cancellationToken);
                SiloReading? silo = now.Silos.FirstOrDefault(one => one.Silo.Address.Equals(leaving.Silo.Address));
                if (silo is null)
                {
                    return;
                }

                if (silo.Report?.OpenShards.Length is { } left && left != told)
                {
                    told = left;
                    tell(left);
                    if (!call.Terminal.IsRich && !call.WantsJson)
                    {
                        call.Terminal.Out.WriteLine($"Silo {silo.Silo.Name} has {Figures.Count(left, "shard")}.");
                    }
                }
            }
            catch (Exception exception) when (isLast && exception is (GranaryException or OrleansException))
            {
                return; // nobody is left who could say so
            }

            await Task.Delay(Period, call.Time, cancellationToken);
        }
    }
}
