using System.Diagnostics.Metrics;

namespace Granary.Client.Tests.Hybrid;

/// <summary>What the hybrid caches of this process have counted since this was made.</summary>
internal sealed class HybridCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _near;
    private long _cluster;
    private long _misses;

    public HybridCounts()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ClientTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, _, _) => Count(instrument.Name, count));
        _listener.Start();
    }

    public (long Near, long Cluster, long Misses) Read() =>
        (Interlocked.Read(ref _near), Interlocked.Read(ref _cluster), Interlocked.Read(ref _misses));

    public void Dispose() => _listener.Dispose();

    private void Count(string instrument, long count)
    {
        switch (instrument)
        {
            case "granary.hybrid.near_hits":
                Interlocked.Add(ref _near, count);
                break;
            case "granary.hybrid.cluster_hits":
                Interlocked.Add(ref _cluster, count);
                break;
            case "granary.hybrid.misses":
                Interlocked.Add(ref _misses, count);
                break;
        }
    }
}
