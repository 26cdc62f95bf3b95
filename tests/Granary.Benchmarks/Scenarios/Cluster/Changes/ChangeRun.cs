using System.Net.Sockets;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>Runs what needs clusters whose membership is in a PostgreSQL, so that every silo may go.</summary>
internal static class ChangeRun
{
    /// <returns>The exit code: 0 if everything was measured.</returns>
    public static async Task<int> RunAsync(
        TextWriter output, Func<PostgreSqlServer, Task> measureAsync, CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        if (!PostgreSqlServer.IsPresent)
        {
            output.WriteLine("Skipped: it needs PostgreSQL (Debian: postgresql), which is not on this machine.");
            return 1;
        }

        try
        {
            await using PostgreSqlServer store =
                await PostgreSqlServer.StartAsync(settings: [], cpu: null, cancellationToken);
            await measureAsync(store);
            return 0;
        }
        catch (Exception error) when (
            error is LoadException or PeerException or GranaryException or IOException or SocketException)
        {
            output.WriteLine($"The run does not count. {error.Message}");
            return 1;
        }
    }
}
