using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>A table as a queue, claimed with SKIP LOCKED, on PostgreSQL as Debian installs it.</summary>
internal sealed class PostgreSqlPeer : IQueuePeer
{
    public string Name => "postgresql";

    public bool IsPresent => PostgreSqlServer.IsPresent;

    public string? SetupFor(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => "SKIP LOCKED, synchronous_commit=on",
        DurabilityClass.Buffered => "SKIP LOCKED, synchronous_commit=off (a crash of its own loses up to 0.6 s)",
        _ => null,
    };

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            .. PostgreSqlServer.QueueSettings,
            "enable_seqscan=off", // or statements prepared while the table was empty would read all of it
            $"synchronous_commit={(durability == DurabilityClass.Strict ? "on" : "off")}",
        ];
        PostgreSqlServer server = await PostgreSqlServer.StartAsync(settings, cpu, cancellationToken);
        try
        {
            return await PostgreSqlQueue.ConnectAsync(server, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
