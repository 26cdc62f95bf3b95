using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>
/// One consumer of a group. Completing is XACK, and XDEL where the group is the only one: otherwise the stream would
/// grow for ever.
/// </summary>
internal sealed class RedisReceiver(
    ConnectionMultiplexer reading, IDatabase completing, string stream, string group, string consumer, bool deletes)
    : IQueueReceiver
{
    public const string Field = "b";

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        // The library's own StreamReadGroupAsync cannot wait.
        RedisResult answer = await reading.GetDatabase().ExecuteAsync(
            "XREADGROUP",
            "GROUP", group, consumer,
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

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        CompleteAsync([(RedisValue)delivery.Receipt]);

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        CompleteAsync([.. deliveries.Select(delivery => (RedisValue)delivery.Receipt)]);

    public ValueTask DisposeAsync() => reading.DisposeAsync();

    private Task CompleteAsync(RedisValue[] ids)
    {
        Task acknowledging = completing.StreamAcknowledgeAsync(stream, group, ids);
        return deletes ? Task.WhenAll(acknowledging, completing.StreamDeleteAsync(stream, ids)) : acknowledging;
    }
}
