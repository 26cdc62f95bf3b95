using CsCheck;
using Granary.Store.HotKeys;

namespace Granary.Store.Tests.HotKeys;

/// <summary>What the paper promises, compared with exact counts of the same stream.</summary>
public sealed class SpaceSavingTests
{
    // Squares make small numbers frequent. The hash is the number or, half of the time, the same of many keys.
    private static readonly Gen<(int Capacity, bool Collides, int[] Keys)> Streams = Gen.Select(
        Gen.Int[1, 20], Gen.Bool, Gen.Select(Gen.Int[0, 12], number => number * number).Array[0, 400]);

    [Fact]
    public void Add_OfAnyStream_KeepsTheBounds() => Streams.Sample(stream =>
    {
        (int capacity, bool collides, int[] keys) = stream;
        var sketch = new SpaceSaving(capacity);
        foreach (int key in keys)
        {
            sketch.Add(Hash(key, collides), BitConverter.GetBytes(key), (ushort)key, isWrite: key % 2 == 0);
        }

        Check(sketch, collides, keys, capacity);
    });

    [Fact]
    public void Clear_AfterAnyStream_LeavesASketchAsNew() => Streams.Sample(stream =>
    {
        (int capacity, bool collides, int[] keys) = stream;
        var sketch = new SpaceSaving(capacity);
        foreach (int key in keys)
        {
            sketch.Add(Hash(key, collides), BitConverter.GetBytes(key + 1), 0, isWrite: true);
        }

        sketch.Clear();
        Assert.Equal(0, sketch.Counters.Length);
        foreach (int key in keys)
        {
            sketch.Add(Hash(key, collides), BitConverter.GetBytes(key), (ushort)key, isWrite: key % 2 == 0);
        }

        Check(sketch, collides, keys, capacity);
    });

    [Fact]
    public void Add_OfKeysOfTheGreatestLength_KeepsThemApart()
    {
        var sketch = new SpaceSaving(2);
        byte[] first = new byte[CacheStore.MaxKeyBytes];
        byte[] second = new byte[CacheStore.MaxKeyBytes];
        byte[] shorter = new byte[CacheStore.MaxKeyBytes - 1];
        second[^1] = 1;

        sketch.Add(7, first, 3, isWrite: false);
        sketch.Add(7, second, 4, isWrite: true);
        sketch.Add(7, second, 4, isWrite: false);
        sketch.Add(7, shorter, 5, isWrite: true); // takes over the counter of the first

        Assert.Equal(2, sketch.Counters.Length);
        Assert.Equal(shorter, sketch.KeyOf(sketch.Find(7, shorter)));
        Assert.Equal(second, sketch.KeyOf(sketch.Find(7, second)));
        Assert.Equal(-1, sketch.Find(7, first));
    }

    private static ulong Hash(int key, bool collides) => collides ? (ulong)(key % 3) : (ulong)key;

    private static void Check(SpaceSaving sketch, bool collides, int[] keys, int capacity)
    {
        Dictionary<int, int> exact = keys.CountBy(key => key).ToDictionary();
        int least = sketch.LeastCount;
        Assert.Equal(keys.Length, sketch.Total);
        Assert.True(sketch.Counters.Length <= capacity);
        Assert.True(least <= keys.Length / capacity);
        foreach ((int key, int uses) in exact)
        {
            int index = sketch.Find(Hash(key, collides), BitConverter.GetBytes(key));
            if (index < 0)
            {
                Assert.True(uses <= least, $"Key {key} of {uses} uses has no counter; the least count is {least}.");
                continue;
            }

            UseCounter counter = sketch.Counters[index];
            int seen = counter.Reads + counter.Writes;
            Assert.Equal(key, counter.Shard);
            Assert.Equal(0, key % 2 == 0 ? counter.Reads : counter.Writes);
            Assert.InRange(counter.Error, 0, least);
            Assert.InRange(uses, seen, counter.Count);
        }

        Assert.Equal(keys.Length, Sum(sketch));
    }

    // Nothing is lost in a takeover: the counts sum up to all uses.
    private static int Sum(SpaceSaving sketch)
    {
        int sum = 0;
        foreach (UseCounter counter in sketch.Counters)
        {
            sum += counter.Count;
        }

        return sum;
    }
}
