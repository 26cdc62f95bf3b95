using System.Diagnostics;
using System.Diagnostics.Metrics;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>
/// The span and the duration of one call, by OpenTelemetry's conventions for databases. The span is made when the call is
/// over, by whoever completes it: one that was begun by the caller would stay its current one, for calls return before they are
/// done. Costs two reads while nobody listens.
/// </summary>
internal readonly struct CallMeasure
{
    private const string SystemName = "granary";

    // The convention's (1 ms to 10 s), and finer below: most calls are done within a millisecond.
    private static readonly Histogram<double> Duration = ClientTelemetry.Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Duration of calls of the cache.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10],
        });

    private readonly long _begin;
    private readonly Activity? _parent;
    private readonly bool _isOn;

    private CallMeasure(long begin, Activity? parent)
    {
        _begin = begin;
        _parent = parent;
        _isOn = true;
    }

    /// <summary>A call begins; the caller's thread.</summary>
    public static CallMeasure Begin() => ClientTelemetry.Source.HasListeners() || Duration.Enabled
        ? new CallMeasure(TimeProvider.System.GetTimestamp(), Activity.Current)
        : default;

    /// <summary>The call is over.</summary>
    /// <param name="operation">What it did.</param>
    /// <param name="keys">How many keys it was about.</param>
    /// <param name="error">What it failed with.</param>
    public void End(CacheOperation operation, int keys, Exception? error = null)
    {
        if (!_isOn)
        {
            return;
        }

        TimeSpan time = TimeProvider.System.GetElapsedTime(_begin);
        string name = NameOf(operation);
        Record(time, name, error);
        if (ClientTelemetry.Source.HasListeners())
        {
            Trace(time, name, keys, error);
        }
    }

    private static void Record(TimeSpan time, string name, Exception? error)
    {
        TagList tags = new() { { "db.system.name", SystemName }, { "db.operation.name", name } };
        if (error is not null)
        {
            tags.Add("error.type", error.GetType().FullName);
        }

        Duration.Record(time.TotalSeconds, tags);
    }

    private void Trace(TimeSpan time, string name, int keys, Exception? error)
    {
        Activity? current = Activity.Current;
        Activity.Current = null; // this thread's has nothing to do with the call
        using (Activity? span = ClientTelemetry.Source.StartActivity(
            name,
            ActivityKind.Client,
            _parent?.Context ?? default,
            startTime: TimeProvider.System.GetUtcNow() - time))
        {
            span?.SetTag("db.system.name", SystemName).SetTag("db.operation.name", name);
            if (keys > 1)
            {
                span?.SetTag("db.operation.batch.size", keys);
            }

            if (error is not null)
            {
                ClientTelemetry.Fail(span, error);
            }
        }

        Activity.Current = current;
    }

    private static string NameOf(CacheOperation operation) => operation switch
    {
        CacheOperation.Get => "get",
        CacheOperation.GetAndTouch => "get_and_touch",
        CacheOperation.Set => "set",
        CacheOperation.Add => "add",
        CacheOperation.Replace => "replace",
        CacheOperation.Append => "append",
        CacheOperation.Prepend => "prepend",
        CacheOperation.CompareAndSet => "compare_and_set",
        CacheOperation.Increment => "increment",
        CacheOperation.Decrement => "decrement",
        CacheOperation.Touch => "touch",
        CacheOperation.Delete => "delete",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No call of a client."),
    };
}
