using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>Connections cost little, are counted, and end when their clients go.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ManyConnectionsTests(SingleSilo fixture, ITestOutputHelper output) : IClassFixture<SingleSilo>
{
    // Both ends of 5,000 connections, were they in one process, and some.
    private const int RequiredDescriptors = 12_000;

    [Fact]
    public async Task Connections_FiveThousandIdle_TakeLittleMemoryAsync()
    {
        RequireDescriptors();
        await fixture.AssertServesAsync();
        long connectionsBefore = await fixture.StatisticAsync("curr_connections");
        long residentBefore = fixture.Silo.ResidentBytes;
        List<RawConnection> connections = [];
        try
        {
            for (int index = 0; index < 5000; index++)
            {
                connections.Add(await RawConnection.OpenAsync(fixture.Port));
            }

            await fixture.WaitForStatisticAsync("curr_connections", "over 5000", count => count > 5000);
            await fixture.AssertServesAsync();
            Assert.Null(await connections[2500].GetAsync("nothing"));
            long growth = fixture.Silo.ResidentBytes - residentBefore;
            output.WriteLine($"5,000 idle connections: {growth >> 10} KiB");
            Assert.True(growth < 100 << 20, $"Resident memory grew by {growth >> 10} KiB.");
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        await fixture.WaitForStatisticAsync(
            "curr_connections", $"at most {connectionsBefore}", count => count <= connectionsBefore);
    }

    // The last bytes and the end of the stream are one event for the silo.
    [Fact]
    public async Task Connections_ThatEndRightBehindACommand_AreClosedAsync()
    {
        long connectionsBefore = await fixture.StatisticAsync("curr_connections");
        for (int index = 0; index < 1000; index++)
        {
            using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
            await connection.SendAsync("set last 0 0 1 noreply\r\na\r\n");
        }

        await fixture.WaitForStatisticAsync(
            "curr_connections", $"at most {connectionsBefore}", count => count <= connectionsBefore);
    }

    [Fact]
    public async Task Connection_EndedForSending_GetsItsAnswerAsync()
    {
        for (int index = 0; index < 200; index++)
        {
            using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
            await connection.SendAsync("get nothing\r\nversion");
            connection.EndSending();

            Assert.Equal("END\r\n", await connection.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task Connection_OverTheMost_IsToldSoAsync()
    {
        const int Most = 10;
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            siloCount: 1, "64MiB", "--max-connections", $"{Most}");
        int port = cluster.Primary.Ports.Memcached;
        List<RawConnection> connections = [];
        try
        {
            connections.Add(await RawConnection.OpenAsync(port));
            await WaitForOneConnectionAsync(connections[0]); // those that probed the new silo have gone
            while (connections.Count < Most)
            {
                connections.Add(await RawConnection.OpenAsync(port));
                Assert.Null(await connections[^1].GetAsync("nothing"));
            }

            using (RawConnection refused = await RawConnection.OpenAsync(port))
            {
                Assert.Equal("ERROR Too many open connections\r\n", await refused.ReadToEndAsync());
            }

            Assert.Null(await connections[0].GetAsync("nothing"));
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task WaitForOneConnectionAsync(RawConnection connection)
    {
        int count = 0;
        for (int attempt = 0; count != 1; attempt++)
        {
            Assert.True(attempt < 10_000, $"Still {count} connections.");
            await connection.SendAsync("stats\r\n");
            for (string line = await connection.ReadLineAsync(); line != "END"; line = await connection.ReadLineAsync())
            {
                if (line.StartsWith("STAT curr_connections ", StringComparison.Ordinal))
                {
                    count = int.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
                }
            }
        }
    }

    private static void RequireDescriptors()
    {
        // Max open files <soft> <hard> files; .NET raises its soft limit to the hard one.
        string line = File.ReadLines("/proc/self/limits")
            .First(candidate => candidate.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit < RequiredDescriptors)
        {
            throw RequiredProgram.Missing($"{limit} open files are allowed; the test needs {RequiredDescriptors}.");
        }
    }
}
