using System.Diagnostics;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Loops that send, each the next message or batch when its last is confirmed: together a window.</summary>
internal sealed class SendLoops
{
    private readonly MessageLedger _ledger;
    private readonly int _batch;
    private readonly long _maxMessages;
    private readonly LatencyHistogram[] _latencies;
    private readonly Task[] _loops;
    private volatile bool _isRecording;
    private volatile bool _isStopping;

    /// <summary>Starts the loops.</summary>
    /// <param name="ledger">Makes the messages.</param>
    /// <param name="senders">Of which each has <paramref name="window"/> loops.</param>
    /// <param name="window">Calls under way of one sender.</param>
    /// <param name="batch">Messages of a call.</param>
    /// <param name="maxMessages">The loops end by themselves after about so many.</param>
    /// <param name="cancellationToken">Ends the loops.</param>
    public SendLoops(
        MessageLedger ledger, IReadOnlyList<IQueueSender> senders, int window, int batch, long maxMessages,
        CancellationToken cancellationToken)
    {
        _ledger = ledger;
        _batch = batch;
        _maxMessages = maxMessages;
        _latencies = [.. Enumerable.Range(0, senders.Count * window).Select(_ => new LatencyHistogram())];
        _loops =
        [
            .. _latencies.Select((latency, index) => Task.Run(
                () => RunAsync(senders[index % senders.Count], latency, cancellationToken), CancellationToken.None)),
        ];
    }

    /// <summary>Done when the loops have ended by themselves, or the first of them by failing.</summary>
    public Task Ended => Task.WhenAny(Task.WhenAll(_loops), FirstFailureAsync());

    /// <summary>Rethrows what a send has thrown so far.</summary>
    public Task ThrowIfFailedAsync() => Task.WhenAll(_loops.Where(loop => loop.IsFaulted));

    /// <summary>Measures what is confirmed in the run's time, its warm-up over; the loops have ended then.</summary>
    /// <returns>What the server used, with rate, p50 and p99 first.</returns>
    public async Task<List<Figure>> MeasureAsync(
        WorkloadContext context, CancellationToken cancellationToken, string unit = "msg")
    {
        QueueSettings settings = context.Settings;
        await Task.WhenAny(Task.Delay(settings.Warmup, cancellationToken), Ended);
        ServerMeter meter = await context.StartMeterAsync(cancellationToken, unit);
        long before = _ledger.ConfirmedCount;
        _isRecording = true;
        await Task.WhenAny(Task.Delay(settings.Duration, cancellationToken), Ended);
        await ThrowIfFailedAsync();
        List<Figure> figures = await meter.StopAsync(() => _ledger.ConfirmedCount - before, cancellationToken);
        await StopAsync();
        if (!settings.CountsSyncs)
        {
            Quantiles latency = Latency();
            figures.Insert(1, new Figure("p50 ms", latency.P50 / 1000, "0.00"));
            figures.Insert(2, new Figure("p99 ms", latency.P99 / 1000, "0.00"));
        }

        return figures;
    }

    /// <summary>Ends the loops when what they have under way is confirmed.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return Task.WhenAll(_loops);
    }

    // Of the calls that ended while recording; to be read after the stop.
    private Quantiles Latency()
    {
        var all = new LatencyHistogram();
        Array.ForEach(_latencies, all.Add);
        return Quantiles.Of(all);
    }

    private async Task RunAsync(IQueueSender sender, LatencyHistogram latency, CancellationToken cancellationToken)
    {
        while (!_isStopping && _ledger.ConfirmedCount < _maxMessages)
        {
            long start = Stopwatch.GetTimestamp();
            if (_batch == 1)
            {
                byte[] body = _ledger.Make(start);
                await sender.SendAsync(body, cancellationToken);
                _ledger.Confirm(body);
            }
            else
            {
                byte[][] bodies = [.. Enumerable.Range(0, _batch).Select(_ => _ledger.Make(start))];
                await sender.SendBatchAsync(bodies, cancellationToken);
                _ledger.Confirm(bodies);
            }

            if (_isRecording)
            {
                latency.Record(Stopwatch.GetTimestamp() - start, 1);
            }
        }
    }

    private async Task FirstFailureAsync()
    {
        await foreach (Task loop in Task.WhenEach(_loops))
        {
            if (loop.IsFaulted)
            {
                return;
            }
        }
    }
}
