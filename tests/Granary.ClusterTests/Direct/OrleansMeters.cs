using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Granary.ClusterTests.Direct;

/// <summary>Counts what Orleans' meters of this process measure, for each host on its own. Thread-safe.</summary>
internal sealed class OrleansMeters : IDisposable
{
    /// <summary>Counter: messages that a silo sent to itself.</summary>
    public const string SentInSilo = "orleans-messaging-sent-local";

    /// <summary>Counter: messages that came to a silo's dispatcher, for grains.</summary>
    public const string ReceivedByGrains = "orleans-messaging-processing-dispatcher-received";

    /// <summary>Counter: messages that a silo's gateway received from clients.</summary>
    public const string ReceivedByGateway = "orleans-gateway-received";

    /// <summary>Histogram of the messages that a host received from others, clients and silos.</summary>
    public const string Received = "orleans-messaging-received-messages-size";

    /// <summary>Histogram of the calls that a silo or client made and that were answered.</summary>
    public const string Requests = "orleans-app-requests-latency";

    private const string MeterName = "Microsoft.Orleans";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(object? Scope, string Name), double> _added = [];
    private readonly Dictionary<(object? Scope, string Name), double> _observed = [];

    public OrleansMeters()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        _listener.Start();
    }

    /// <summary>What one host has measured until now: the sum of a counter, how often a histogram was recorded.</summary>
    /// <param name="host">The host's own factory, which is the scope of its meters.</param>
    public Dictionary<string, double> Read(IMeterFactory host)
    {
        lock (_lock)
        {
            _observed.Clear();
            _listener.RecordObservableInstruments();
            return _added.Concat(_observed)
                .Where(entry => ReferenceEquals(entry.Key.Scope, host))
                .ToDictionary(entry => entry.Key.Name, entry => entry.Value, StringComparer.Ordinal);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value)
    {
        (object? Scope, string Name) key = (instrument.Meter.Scope, instrument.Name);
        bool isHistogram = instrument is Histogram<int> or Histogram<long> or Histogram<double>;
        lock (_lock)
        {
            Dictionary<(object? Scope, string Name), double> values = instrument.IsObservable ? _observed : _added;
            CollectionsMarshal.GetValueRefOrAddDefault(values, key, out _) += isHistogram ? 1 : value;
        }
    }
}
