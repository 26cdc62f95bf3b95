using System.Collections.Concurrent;
using System.Diagnostics;

namespace Granary.Client.Tests.Doubles;

/// <summary>The spans of this process that end, its other tests' among them.</summary>
internal sealed class SpanList : IDisposable
{
    private readonly ActivitySource _source = new("a caller");
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanList()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _source || source.Name == "Granary.Client",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity StartCaller()
    {
        Activity.Current = null;
        return _source.StartActivity("caller")!;
    }

    public Activity[] Of(Activity caller) => [.. _ended.Where(span => span.TraceId == caller.TraceId)];

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }
}
