using System.Net;
using Granary.Benchmarks.Load;
using Granary.Client;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>Entries that are written again and again. The value of each is known, so that an old one shows.</summary>
/// <remarks>A key belongs to one caller at a time.</remarks>
internal sealed class CheckedEntries(KeySpace keys)
{
    private const int KeysPerRead = 256;
    private const int Readers = 8;
    private const int VersionShift = 24; // lets the values of a key's versions begin at different places

    private readonly byte[] _versions = new byte[keys.Count];

    public int Count => keys.Count;

    /// <summary>Stores every key once, through a memcached port.</summary>
    /// <exception cref="LoadException">A set was not stored.</exception>
    public Task FillAsync(IPEndPoint server, CancellationToken cancellationToken) =>
        StoreFiller.FillAsync(server, WireProtocol.Memcached(keys), keys, cancellationToken);

    public CacheKey Key(int number)
    {
        byte[] key = new byte[keys.KeyLengthBytes];
        keys.WriteKey(number, key);
        return key;
    }

    /// <summary>What is to be stored next; <see cref="Confirm"/> it when that is answered.</summary>
    public byte[] NextValue(int number) => Value(number, (byte)(_versions[number] + 1)).ToArray();

    public void Confirm(int number) => _versions[number]++;

    /// <summary>Whether a value is the last that was confirmed; <see langword="null"/>, a miss, is not.</summary>
    public bool IsCurrent(int number, byte[]? value) => Value(number, _versions[number]).SequenceEqual(value);

    /// <summary>Reads all entries.</summary>
    /// <returns>How many are gone or not current.</returns>
    public async Task<int> CountLostAsync(IGranaryCache cache, CancellationToken cancellationToken)
    {
        int lost = 0;
        int reads = (keys.Count + KeysPerRead - 1) / KeysPerRead;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, reads, options, async (read, token) =>
        {
            int first = read * KeysPerRead;
            CacheKey[] wanted =
                [.. Enumerable.Range(first, Math.Min(KeysPerRead, keys.Count - first)).Select(Key)];
            CacheEntry<byte[]>[] found = await cache.GetManyAsync<byte[]>(wanted, token);
            Interlocked.Add(ref lost, found.Where((entry, index) => !IsCurrent(first + index, entry.Value)).Count());
        });
        return lost;
    }

    private ReadOnlySpan<byte> Value(int number, byte version) =>
        keys.ValueAt(KeySpace.ValueStart(number ^ (version << VersionShift)));
}
