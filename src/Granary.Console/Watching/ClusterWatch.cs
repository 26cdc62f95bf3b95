using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Granary.Administration;
using Granary.Administration.Diagnosis;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Administration.State;
using Granary.Reports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Console.Watching;

/// <summary>Reads the cluster while somebody looks, once for all who do, and tells them.</summary>
internal sealed class ClusterWatch(
    ClusterReader cluster, QueueReader queues, TimeProvider time, ILogger<ClusterWatch> logger) : BackgroundService
{
    /// <summary>Pages that may be open at this silo.</summary>
    public const int MaxViewers = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // What costs more is asked for at every third and every tenth turn.
    private const int QueuesEvery = 3;
    private const int HistoryEvery = 10;

    // Percentiles are of so many turns: ten seconds.
    private const int Window = 6;

    // Who looks is asked again by the next request: a token that counts no more shows nothing for longer than this.
    private static readonly TimeSpan ViewTime = TimeSpan.FromMinutes(1);
    private static readonly SseItem<string> Again = new("{}", "again"); // a browser drops an event without data

    private readonly Lock _lock = new();
    private readonly HashSet<Viewer> _viewers = [];
    private readonly SemaphoreSlim _someone = new(0);
    private readonly Dictionary<string, SseItem<string>> _last = new(StringComparer.Ordinal);

    /// <summary>What is to be shown, from now on; <see langword="null"/> if too many look already.</summary>
    public IAsyncEnumerable<SseItem<string>>? Watch(CancellationToken cancellationToken)
    {
        var viewer = new Viewer();
        lock (_lock)
        {
            if (_viewers.Count == MaxViewers)
            {
                return null;
            }

            _viewers.Add(viewer);
            foreach (SseItem<string> item in _last.Values)
            {
                viewer.Tell(item);
            }
        }

        _someone.Release();
        return ReadAsync(viewer, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _someone.WaitAsync(stoppingToken);
            if (HasViewers())
            {
                await WatchAsync(stoppingToken);
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var readings = new List<ClusterReading>();
        QueueList? known = null;
        ClusterHistory? history = null;
        using var timer = new PeriodicTimer(Period, time);
        for (int turn = 0; HasViewers(); turn++)
        {
            try
            {
                bool withQueues = turn % QueuesEvery == 0;
                bool withHistory = turn % HistoryEvery == 0;
                ClusterReading reading = await cluster.ReadAsync(PartsOf(withQueues, withHistory), cancellationToken);
                readings.Add(reading);
                readings.RemoveRange(0, Math.Max(0, readings.Count - Window));
                known = withQueues ? await queues.ListAsync(reading, cancellationToken) : known;
                history = withHistory ? ClusterHistory.Of(reading) : history;
                Tell(readings, known, history, withQueues);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // the edge: one look
            {
                logger.NotRead(exception);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        lock (_lock)
        {
            _last.Clear(); // who comes later is not shown what was then
        }
    }

    private void Tell(List<ClusterReading> readings, QueueList? known, ClusterHistory? history, bool withQueues)
    {
        ClusterState state = ClusterStates.Of(readings);
        state = state with { Findings = ClusterDiagnosis.Of(state, known, history) };
        Tell("cluster", JsonSerializer.Serialize(state, AdministrationJson.Default.ClusterState));
        if (withQueues && known is not null)
        {
            Tell("queues", JsonSerializer.Serialize(known, AdministrationJson.Default.QueueList));
        }
    }

    private void Tell(string kind, string json)
    {
        var item = new SseItem<string>(json, kind);
        lock (_lock)
        {
            _last[kind] = item;
            foreach (Viewer viewer in _viewers)
            {
                viewer.Tell(item);
            }
        }
    }

    // Ends without an exception, which the web server would log as an error.
    private async IAsyncEnumerable<SseItem<string>> ReadAsync(
        Viewer viewer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(ViewTime, time);
        using CancellationTokenRegistration onOver = over.Token.Register(() =>
        {
            viewer.Tell(Again);
            viewer.End();
        });
        using CancellationTokenRegistration onCancelled = cancellationToken.Register(viewer.End);
        try
        {
            await foreach (SseItem<string> item in viewer.Events.ReadAllAsync(CancellationToken.None))
            {
                yield return item;
            }
        }
        finally
        {
            lock (_lock)
            {
                _viewers.Remove(viewer);
            }
        }
    }

    private bool HasViewers()
    {
        lock (_lock)
        {
            return _viewers.Count > 0;
        }
    }

    private static ReportParts PartsOf(bool withQueues, bool withHistory) =>
        (withQueues ? ReportParts.Queues : ReportParts.None) | (withHistory ? ReportParts.History : ReportParts.None);
}
