using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Granary.Client.Tests.Doubles;

namespace Granary.Client.Tests;

/// <summary>What a call tells those who listen, by OpenTelemetry's conventions for databases.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Call_ThatIsTraced_HasASpanBelowItsCaller()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        using var spans = new SpanList();
        using Activity caller = spans.StartCaller();

        await cluster.Cache.SetAsync("a", 1);
        await cluster.Cache.GetAsync<int>("a");
        await cluster.Cache.GetManyAsync<int>(["a", "b", "c"]);
        await cluster.Cache.DeleteAsync("a");

        Assert.Same(caller, Activity.Current);
        Activity[] ended = spans.Of(caller);
        Assert.Equal(["set", "get", "get", "delete"], ended.Select(static span => span.OperationName));
        Assert.All(ended, span =>
        {
            Assert.Equal(ActivityKind.Client, span.Kind);
            Assert.Equal(caller.SpanId, span.ParentSpanId);
            Assert.Equal("granary", span.GetTagItem("db.system.name"));
            Assert.Equal(span.OperationName, span.GetTagItem("db.operation.name"));
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
            Assert.True(span.StartTimeUtc >= caller.StartTimeUtc - TimeSpan.FromMilliseconds(50)); // of two clocks
        });
        Assert.Equal([null, null, 3, null], ended.Select(static span => span.GetTagItem("db.operation.batch.size")));
    }

    [Fact]
    public async Task Call_ThatIsCancelled_HasASpanWithTheError()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        using var spans = new SpanList();
        using Activity caller = spans.StartCaller();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster.Cache.GetAsync<int>("a", new CancellationToken(canceled: true)).AsTask());

        Activity span = Assert.Single(spans.Of(caller));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(typeof(OperationCanceledException).FullName, span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Call_IsTimed()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        using var listener = new MeterListener();
        ConcurrentQueue<(double Seconds, string? Operation)> measured = new();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "db.client.operation.duration" && instrument.Meter.Name == "Granary.Client")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => measured.Enqueue((seconds, OperationOf(tags))));
        listener.Start();

        await cluster.Cache.PrependAsync("a", "b");

        Assert.Contains(measured, static one => one.Operation == "prepend" && one.Seconds is >= 0 and < 60);
    }

    private static string? OperationOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == "db.operation.name")
            {
                return (string?)tag.Value;
            }
        }

        return null;
    }
}
