using System.Diagnostics;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>How long keys are not served, as memcached clients see it that try again every 50 ms.</summary>
internal static class Outage
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Does what makes keys unavailable, and waits until each is read and written again.</summary>
    /// <param name="begin">Ends or silences the silo that holds the keys.</param>
    /// <param name="port">Of a silo that goes on.</param>
    /// <param name="keys">One client for each.</param>
    /// <returns>From the beginning until the last key was served.</returns>
    public static async Task<TimeSpan> MeasureAsync(Action begin, int port, IReadOnlyCollection<string> keys)
    {
        var clients = new List<MemcachedConnection>();
        try
        {
            foreach (string _ in keys)
            {
                clients.Add(await MemcachedConnection.OpenAsync(port));
            }

            var clock = Stopwatch.StartNew();
            begin();
            await Task.WhenAll(clients.Zip(keys, RetryAsync));
            return clock.Elapsed;
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task RetryAsync(MemcachedConnection client, string key)
    {
        while (!await IsServedAsync(client, key))
        {
            await Task.Delay(Pause);
        }
    }

    private static async Task<bool> IsServedAsync(MemcachedConnection client, string key)
    {
        try
        {
            return await client.SetAsync(key, "value") == "STORED" && await client.GetAsync(key) == "value";
        }
        catch (InvalidDataException)
        {
            return false; // a SERVER_ERROR line
        }
    }
}
