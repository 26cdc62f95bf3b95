using System.Diagnostics;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>Claims as many as are asked for with one statement.</summary>
internal sealed class PostgreSqlReceiver(NpgsqlDataSource source, string table) : IQueueReceiver
{
    private readonly PostgreSqlClaims _claims = new(source, table);

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            List<Delivery> claimed = await _claims.ClaimAsync(maxMessages, cancellationToken);
            if (claimed.Count > 0 || Stopwatch.GetElapsedTime(start) >= maxWait)
            {
                return claimed;
            }

            await Task.Delay(PostgreSqlClaims.PollInterval, cancellationToken);
        }
    }

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        _claims.DeleteAsync(delivery, cancellationToken);

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        _claims.DeleteAsync(deliveries, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
