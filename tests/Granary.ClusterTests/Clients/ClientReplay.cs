using System.Globalization;
using System.Text;
using Granary.Client;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A read-through replay of a trace by the .NET client, as <see cref="TraceReplay"/> is one by Python's: each request
/// gets every clone of its key and sets what missed; some requests for different keys are one call.
/// </summary>
internal static class ClientReplay
{
    private const int MaxKeysOfACall = 8;
    private const int Lanes = 4; // a key is always in the same one

    /// <param name="cache">The client.</param>
    /// <param name="keys">The trace.</param>
    /// <param name="clones">Keys per object of the trace.</param>
    public static async Task<TraceReplayResult> RunAsync(IGranaryCache cache, int[] keys, int clones)
    {
        TraceReplayResult[] results = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(
            lane => RunLaneAsync(cache, [.. keys.Where(key => (uint)key % Lanes == lane)], clones)));
        return results.Aggregate(static (one, other) => one + other);
    }

    private static async Task<TraceReplayResult> RunLaneAsync(IGranaryCache cache, int[] keys, int clones)
    {
        long hits = 0;
        long wrong = 0;
        foreach (List<int> call in CallsOf(keys))
        {
            string[] names =
            [
                .. call.SelectMany(key => Enumerable.Range(0, clones).Select(
                    clone => string.Create(CultureInfo.InvariantCulture, $"{key}#{clone}"))),
            ];
            CacheEntry<byte[]>[] entries = await cache.GetManyAsync<byte[]>(names.AsSpan());
            List<KeyValuePair<string, byte[]>> missing = [];
            for (int index = 0; index < names.Length; index++)
            {
                byte[] expected = ValueOf(names[index]);
                if (!entries[index].TryGetValue(out byte[]? value))
                {
                    missing.Add(KeyValuePair.Create(names[index], expected));
                    continue;
                }

                hits++;
                wrong += value.AsSpan().SequenceEqual(expected) ? 0 : 1;
            }

            await cache.SetManyAsync(missing);
        }

        long requests = (long)keys.Length * clones;
        return new TraceReplayResult(requests, hits, requests - hits, wrong, Errors: 0);
    }

    // Calls of different keys, in the order of the trace.
    private static IEnumerable<List<int>> CallsOf(int[] keys)
    {
        List<int> call = [];
        foreach (int key in keys)
        {
            if (call.Contains(key) || call.Count == MaxKeysOfACall)
            {
                yield return call;
                call = [];
            }

            call.Add(key);
        }

        yield return call;
    }

    // The key again and again: no other key has this value.
    private static byte[] ValueOf(string key)
    {
        byte[] name = Encoding.UTF8.GetBytes(key + "/");
        byte[] value = new byte[TraceReplay.ValueBytes];
        for (int offset = 0; offset < value.Length; offset += name.Length)
        {
            name.AsSpan(0, Math.Min(name.Length, value.Length - offset)).CopyTo(value.AsSpan(offset));
        }

        return value;
    }
}
