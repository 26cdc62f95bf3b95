using System.Diagnostics;
using System.Text;
using Granary.Queues.Grains;
using Granary.Queues.Logs;

namespace Granary.Queues.Tests.Grains;

/// <summary>The silo's spans are below the sends of clients; of itself it begins no trace.</summary>
public sealed class StoreActivityTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData($$"""{"subject":"x","traceparent":"{{Parent}}"}""", true)]
    [InlineData("""{"subject":"traceparent"}""", false)]
    [InlineData("""{"traceparent":"nonsense"}""", false)]
    [InlineData("""{"traceparent":{}}""", false)]
    [InlineData("traceparent", false)]
    [InlineData("", false)]
    public void Span_OfMessages_IsBelowTheSendThatTheirHeaderNames(string headers, bool isTraced)
    {
        using ActivityListener listener = Listen();

        using Activity? activity = StoreActivity.Begin(
            new PartitionId("orders", 3), [new OutgoingMessage { Headers = Encoding.UTF8.GetBytes(headers) }]);

        Assert.Equal(isTraced ? Parent[36..52] : null, activity?.ParentSpanId.ToHexString());
        Assert.Equal(isTraced ? "store orders" : null, activity?.DisplayName);
    }

    [Fact]
    public void Span_OfNoMessages_IsNone()
    {
        using ActivityListener listener = Listen();

        Assert.Null(StoreActivity.Begin(new PartitionId("orders", 0), []));
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Granary.Queues",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
