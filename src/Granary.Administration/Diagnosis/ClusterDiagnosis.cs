using Granary.Administration.Queues;
using Granary.Administration.State;
using Granary.Reports;

namespace Granary.Administration.Diagnosis;

/// <summary>What is wrong with a cluster, and what to do about it. A function of what is shown, so that both agree.</summary>
public static class ClusterDiagnosis
{
    private const double MuchClockSkewMilliseconds = 1000;
    private const double HotShare = 0.2;
    private const double HotOperationsPerSecond = 1000;
    private const double UnevenOf = 0.25;

    // A crash stays news for so long, unless a silo of that name is back.
    private static readonly TimeSpan LostLately = TimeSpan.FromMinutes(10);

    /// <summary>What is wrong, the most severe first.</summary>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="queues">Its queues; <see langword="null"/>: not known.</param>
    /// <param name="history">Its last hour; <see langword="null"/>: not known.</param>
    public static IReadOnlyList<Finding> Of(ClusterState cluster, QueueList? queues, ClusterHistory? history)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return
        [
            .. cluster.Silos.SelectMany(OfSilo)
                .Concat(OfLostSilos(cluster))
                .Concat(OfShards(cluster))
                .Concat(OfHotKeys(cluster))
                .Concat(HitRatioDiagnosis.Of(cluster, history))
                .Concat(OfQueues(queues))
                .OrderByDescending(static finding => finding.Severity),
        ];
    }

    private static IEnumerable<Finding> OfSilo(SiloState silo)
    {
        string about = $"silo:{silo.Name}";
        if (silo.State == SiloStateKind.Silent)
        {
            yield return new Finding(
                FindingSeverity.Critical,
                "silo-silent",
                $"Silo {silo.Name} does not answer.",
                "If it is dead, the others go on without it within ten seconds; if it is alive, look at its log and its machine.",
                about);
        }

        if (silo.State == SiloStateKind.Draining)
        {
            yield return new Finding(
                FindingSeverity.Info,
                "silo-draining",
                $"Silo {silo.Name} leaves: it still has {Plain.Count(silo.Shards ?? 0, "shard")}.",
                null,
                about);
        }

        if (silo is { State: SiloStateKind.Active, Ready: false })
        {
            yield return new Finding(
                FindingSeverity.Warning,
                "silo-not-ready",
                $"Silo {silo.Name} is not ready: it has {silo.Shards} of {silo.ExpectedShards} shards.",
                "It takes over its share; if that does not go on, look at the log of the silos that hand it over.",
                about);
        }

        if (silo is { EvictionAgeSeconds: { } age, Rates.Evictions: > 0 })
        {
            yield return new Finding(
                FindingSeverity.Warning,
                "silo-evicts",
                $"Silo {silo.Name} is full: it evicts {Plain.Rate(silo.Rates.Evictions, "entries")}, last used {Plain.Age(age)} ago.",
                "If that is too young, give it more memory (--memory) or add a silo.",
                about);
        }

        if (silo.CutOffSilos > 0)
        {
            yield return new Finding(
                FindingSeverity.Warning,
                "silo-cut-off",
                $"Silo {silo.Name} reaches {Plain.Count(silo.CutOffSilos.Value, "silo")} only through others.",
                "Look at the network between them.",
                about);
        }

        if (silo.ClockSkewMilliseconds > MuchClockSkewMilliseconds)
        {
            yield return new Finding(
                FindingSeverity.Warning,
                "silo-clock",
                $"The clock of silo {silo.Name} differs by {silo.ClockSkewMilliseconds / 1000:0.0} s from another silo's.",
                "Entries may expire that much too early or too late. Set the clocks (NTP).",
                about);
        }
    }

    private static IEnumerable<Finding> OfLostSilos(ClusterState cluster) =>
        cluster.Happened
            .Where(lost => lost.Kind == ClusterEventKind.Lost
                && cluster.Time - lost.At < LostLately.TotalMilliseconds
                && !cluster.Silos.Any(silo => silo.Name == lost.Silo))
            .DistinctBy(static lost => lost.Silo, StringComparer.Ordinal) // the newest comes first
            .Select(lost => new Finding(
                FindingSeverity.Warning,
                "silo-lost",
                $"Silo {lost.Silo} was lost {Plain.Age((cluster.Time - lost.At) / 1000.0)} ago: it crashed, or nobody could reach it.",
                "The others serve its shards. Look at its log and its machine, and start it again.",
                "cluster"));

    private static IEnumerable<Finding> OfShards(ClusterState cluster)
    {
        int nowhere = cluster.Shards.ServedBy.Count(static silo => silo < 0);
        if (nowhere > 0)
        {
            yield return new Finding(
                FindingSeverity.Critical,
                "shards-nowhere",
                $"{Plain.Count(nowhere, "shard")} of {cluster.Cluster.ShardCount} are served by no silo now.",
                "That passes within ten seconds after a crash. If it stays, look at the silos' logs.",
                "cluster");
        }

        if (cluster.Shards.Unprotected.Length > 0)
        {
            bool isAlone = cluster.Silos.Count(static silo => silo.State == SiloStateKind.Active) < 2;
            yield return new Finding(
                isAlone ? FindingSeverity.Warning : FindingSeverity.Info,
                "shards-unprotected",
                $"{Plain.Count(cluster.Shards.Unprotected.Length, "shard")} have no complete replica: a crash now would lose what they hold.",
                isAlone ? "Replicas need two silos: add one." : "Replicas are being made; this passes.",
                "cluster");
        }

        if (cluster.Shards.Moving.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Info,
                "shards-moving",
                $"{Plain.Count(cluster.Shards.Moving.Length, "shard")} are on their way to another silo.",
                null,
                "cluster");
        }
    }

    private static IEnumerable<Finding> OfHotKeys(ClusterState cluster)
    {
        foreach (HotKeyState key in cluster.HotKeys.Where(static key =>
            key.Share >= HotShare && key.ReadsPerSecond + key.WritesPerSecond >= HotOperationsPerSecond))
        {
            SiloState? silo = cluster.Silos.FirstOrDefault(one => one.Name == key.Silo);
            bool isFelt = cluster.Silos.Count > 1 && silo?.CpuCores > UnevenOf;
            yield return new Finding(
                isFelt ? FindingSeverity.Warning : FindingSeverity.Info,
                "key-hot",
                $"Key {Shorten(key.Key)} is hot: {Plain.Rate(key.ReadsPerSecond + key.WritesPerSecond)}, {Plain.Percent(key.Share)} of all operations, on silo {key.Silo}.",
                "Keep it in the clients for a second, or divide it into several keys.",
                $"key:{key.Key}");
        }
    }

    private static IEnumerable<Finding> OfQueues(QueueList? queues)
    {
        if (queues is { Available: false })
        {
            yield return new Finding(
                FindingSeverity.Critical,
                "queues-unavailable",
                $"The queues cannot be read: {queues.Reason}",
                "Look at the database of the queues. The cache works without it.",
                "cluster");
        }

        foreach (QueueState queue in queues?.Queues ?? [])
        {
            if (SeverityOf(queue.State) is { } severity)
            {
                yield return new Finding(
                    severity,
                    $"queue-{$"{queue.State}".ToLowerInvariant()}",
                    $"Queue {queue.Name}: {queue.Says}",
                    HintOf(queue.State),
                    $"queue:{queue.Name}");
            }
        }
    }

    private static FindingSeverity? SeverityOf(QueueHealth health) => health switch
    {
        QueueHealth.Damaged => FindingSeverity.Critical,
        QueueHealth.Stuck or QueueHealth.Failing => FindingSeverity.Warning,
        QueueHealth.Paused => FindingSeverity.Info,
        _ => null,
    };

    private static string? HintOf(QueueHealth health) => health switch
    {
        QueueHealth.Damaged => "Restore it from a backup, as docs/operations/backup.md says.",
        QueueHealth.Stuck => "Start a worker, or look at what the workers do.",
        QueueHealth.Failing => "Open it: the messages that fail say why.",
        _ => null,
    };

    private static string Shorten(string key) => key.Length <= 64 ? key : $"{key[..61]}...";
}
