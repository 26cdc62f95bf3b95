using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's queues: one silo, the cache and the dashboard running in it.</summary>
/// <param name="usesPostgreSql">
/// Whether their log is in a PostgreSQL, as in a cluster, on the silo's core and counted with it; else in a folder.
/// </param>
internal sealed class GranaryPeer(bool usesPostgreSql = false) : IQueuePeer
{
    public string Name => usesPostgreSql ? "granary-postgresql" : "granary";

    public bool IsPresent => new GranarySilo().IsPresent && (!usesPostgreSql || PostgreSqlServer.IsPresent);

    public string? SetupFor(DurabilityClass durability)
    {
        string setup = $"{GranaryQueue.DurabilityOf(durability)}, 8 partitions, no MessageId, "
            + "request: a message of such a queue, with one, reply: not stored";
        if (!usesPostgreSql)
        {
            return setup;
        }

        return durability == DurabilityClass.Memory ? null : $"{setup}, log in PostgreSQL, on its core, counted too";
    }

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        PostgreSqlServer? store = usesPostgreSql
            ? await PostgreSqlServer.StartAsync(PostgreSqlServer.QueueSettings, cpu, cancellationToken)
            : null;
        var queue = new GranaryQueue(durability, new QueueSilo(cpu, store));
        try
        {
            await queue.StartServerAsync(cancellationToken);
            return queue;
        }
        catch
        {
            await queue.DisposeAsync();
            throw;
        }
    }
}
