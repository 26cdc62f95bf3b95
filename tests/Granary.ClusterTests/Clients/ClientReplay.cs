using System.Globalization;
using System.Text;
using Granary.Client;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A read-through replay of a trace by the .NET client, as <see cref="TraceReplay"/> is one by Python's: each request
/// gets every clone of its key and sets what missed.
/// </summary>
internal static class ClientReplay
{
    /// <param name="cache">The client.</param>
    /// <param name="keys">The trace.</param>
    /// <param name="clones">Keys per object of the trace.</param>
    public static async Task<TraceReplayResult> RunAsync(IGranaryCache cache, int[] keys, int clones)
    {
        long hits = 0;
        long wrong = 0;
        string[] names = new string[clones];
        foreach (int key in keys)
        {
            for (int clone = 0; clone < clones; clone++)
            {
                names[clone] = string.Create(CultureInfo.InvariantCulture, $"{key}#{clone}");
            }

            CacheEntry<byte[]>[] entries = await cache.GetManyAsync<byte[]>(names.AsSpan());
            List<KeyValuePair<string, byte[]>> missing = [];
            for (int clone = 0; clone < clones; clone++)
            {
                byte[] expected = ValueOf(names[clone]);
                if (!entries[clone].TryGetValue(out byte[]? value))
                {
                    missing.Add(KeyValuePair.Create(names[clone], expected));
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
