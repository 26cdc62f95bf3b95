using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>One consumer of the group. Completing is XACK and XDEL: otherwise the stream would grow for ever.</summary>
internal sealed class RedisReceiver(
    ConnectionMultiplexer reading, IDatabase completing, string stream, string consumer) : IQueueReceiver
{
    public const string Group = "workers";
    public const string Field = "b";

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        // The library's own StreamReadGroupAsync cannot wait.
        RedisResult answer = await reading.GetDatabase().ExecuteAsync(
            "XREADGROUP",
            "GROUP", Group, consumer,
            "COUNT", maxMessages,
            "BLOCK", (long)maxWait.TotalMilliseconds,
            "STREAMS", stream, ">");
        if (answer.IsNull)
        {
            return [];
        }

        // [[stream, [[id, [field, value]], ...]]]
        RedisResult entries = answer[0][1];
        var deliveries = new Delivery[entries.Length];
        for (int i = 0; i < deliveries.Length; i++)
        {
            RedisResult entry = entries[i];
            deliveries[i] = new Delivery((byte[])entry[1][1]!, (RedisValue)entry[0]);
        }

        return deliveries;
    }

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var id = (RedisValue)delivery.Receipt;
        return Task.WhenAll(
            completing.StreamAcknowledgeAsync(stream, Group, id),
            completing.StreamDeleteAsync(stream, [id]));
    }

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        RedisValue[] ids = [.. deliveries.Select(delivery => (RedisValue)delivery.Receipt)];
        return Task.WhenAll(
            completing.StreamAcknowledgeAsync(stream, Group, ids),
            completing.StreamDeleteAsync(stream, ids));
    }

    public ValueTask DisposeAsync() => reading.DisposeAsync();
}
