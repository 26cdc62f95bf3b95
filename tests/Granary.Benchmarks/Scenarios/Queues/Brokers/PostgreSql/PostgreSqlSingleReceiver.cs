using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>Claims one message a statement, as the usual worker does, with several statements under way.</summary>
internal sealed class PostgreSqlSingleReceiver : IQueueReceiver
{
    private const int MaxLanes = 16;

    private readonly PostgreSqlClaims _claims;
    private readonly DeliveryBuffer _buffer = new();
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _claiming;

    public PostgreSqlSingleReceiver(NpgsqlDataSource source, string table, int prefetch)
    {
        _claims = new PostgreSqlClaims(source, table);
        _free = new SemaphoreSlim(prefetch);
        _claiming = Task.WhenAll(Enumerable.Range(0, Math.Min(MaxLanes, prefetch)).Select(_ => ClaimAsync()));
    }

    public Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken) =>
        _buffer.TakeAsync(maxMessages, maxWait, cancellationToken);

    public async Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await _claims.DeleteAsync(delivery, cancellationToken);
        _free.Release();
    }

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        Task.WhenAll(deliveries.Select(delivery => CompleteAsync(delivery, cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _free.Dispose();
    }

    private async Task ClaimAsync()
    {
        try
        {
            while (true)
            {
                await _free.WaitAsync(_stopping.Token);
                List<Delivery> claimed = await _claims.ClaimAsync(1, _stopping.Token);
                if (claimed.Count > 0)
                {
                    _buffer.Add(claimed[0]);
                }
                else
                {
                    _free.Release();
                    await Task.Delay(PostgreSqlClaims.PollInterval, _stopping.Token);
                }
            }
        }
        catch (NpgsqlException error)
        {
            _buffer.Fail(error);
        }
    }
}
