using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Histories;

/// <summary>
/// What eight threads see of each key is what one thread could have seen. Values that are no numbers are all different, and
/// each is compared byte by byte and with its cas: one that is torn or mixed would be nobody's.
/// </summary>
public sealed class StoreHistoryTests
{
    private const int Threads = 8;
    private const int OperationsPerThreadAndKey = HistoryChecker.MaxOperations / Threads;
    private const int LongestShortValue = 3000;
    private const int LongValue = 40_000; // over half a segment

    private long _now;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Histories_OfKeysThatAllWantAtOnce_AreLinearizable(int seed)
    {
        const int Keys = 300;
        using var driver = new StoreDriver(64 << 20);
        using var together = new Barrier(Threads);
        var history = new ConcurrentQueue<(int Key, HistoryOperation Operation)>();

        await RunAsync((thread, random) =>
        {
            for (int key = 0; key < Keys; key++)
            {
                together.SignalAndWait();
                for (int number = 0; number < OperationsPerThreadAndKey; number++)
                {
                    history.Enqueue((key, Next(driver.Store, key, $"{thread}-{number}", random)));
                }
            }
        }, seed);

        Check(history, Keys, mayVanish: false);
    }

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public async Task Histories_OfKeysThatAreEvicted_AreLinearizable(EvictionPolicy eviction)
    {
        const int Keys = 64;
        using var driver = new StoreDriver(StoreOptions.SmallestMemoryLimitBytes, eviction: eviction);
        var history = new ConcurrentQueue<(int Key, HistoryOperation Operation)>();

        await RunAsync((thread, random) =>
        {
            byte[] filling = new byte[LongestShortValue];
            for (int number = 0; number < Keys * OperationsPerThreadAndKey; number++)
            {
                int key = number % Keys;
                history.Enqueue((key, Next(driver.Store, key, $"{thread}-{number}", random)));
                for (int fill = random.Next(40); fill > 0; fill--)
                {
                    byte[] name = BitConverter.GetBytes(random.NextInt64());
                    driver.Store.Put(0, PutMode.Set, name, filling, 0, Expiration.Never, 0, out _);
                }
            }
        }, seed: 1);

        Assert.True(driver.Store.GetStatistics().Evictions > 0);
        Assert.Contains(history, static seen => seen.Operation is { Command: HistoryCommand.Get, Result: StoreResult.NotFound });
        Check(history, Keys, mayVanish: true);
    }

    private static void Check(IEnumerable<(int Key, HistoryOperation Operation)> history, int keys, bool mayVanish)
    {
        ILookup<int, HistoryOperation> byKey = history.ToLookup(static seen => seen.Key, static seen => seen.Operation);
        Assert.Equal(keys, byKey.Count);
        foreach (IGrouping<int, HistoryOperation> operations in byKey)
        {
            Assert.True(
                HistoryChecker.IsLinearizable(operations, mayVanish),
                $"Key {operations.Key}:\n{string.Join('\n', operations.OrderBy(static operation => operation.Start))}");
        }
    }

    private static Task RunAsync(Action<int, Random> run, int seed) => Task.WhenAll(
        Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => run(thread, new Random((seed * Threads) + thread)),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

    private HistoryOperation Next(CacheStore store, int number, string name, Random random)
    {
        byte[] key = BitConverter.GetBytes(number);
        HistoryCommand command = random.Next(10) switch
        {
            < 4 => HistoryCommand.Get,
            < 6 => HistoryCommand.Set,
            6 => HistoryCommand.Append,
            7 => HistoryCommand.Increment,
            8 => HistoryCommand.CompareAndSet,
            _ => HistoryCommand.Delete,
        };
        ulong compare = 0;
        if (command == HistoryCommand.CompareAndSet)
        {
            var seen = default(ValueSink);
            store.Get(0, key, ref seen); // not of the history: a guess at the cas, which may be wrong
            compare = Math.Max(seen.Entry.Cas, 1);
        }

        string argument = command == HistoryCommand.Append ? random.Next(10).ToString(CultureInfo.InvariantCulture) : Value(name, random);
        long start = Interlocked.Increment(ref _now);
        (StoreResult result, string? value, ulong cas) = Do(store, key, command, argument, compare);
        return new HistoryOperation(command, argument, compare, result, value, cas, start, Interlocked.Increment(ref _now));
    }

    private static (StoreResult Result, string? Value, ulong Cas) Do(
        CacheStore store, byte[] key, HistoryCommand command, string argument, ulong compare)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(argument);
        ulong cas;
        switch (command)
        {
            case HistoryCommand.Get:
                var sink = default(ValueSink);
                StoreResult found = store.Get(0, key, ref sink);
                return (found, sink.Value is { } value ? Encoding.ASCII.GetString(value) : null, sink.Entry.Cas);
            case HistoryCommand.Increment:
                StoreResult counted = store.Increment(0, key, 1, negative: false, out ulong number, out cas);
                return (counted, number.ToString(CultureInfo.InvariantCulture), cas);
            case HistoryCommand.Delete:
                return (store.Delete(0, key), null, 0);
            default:
                PutMode mode = command switch
                {
                    HistoryCommand.Append => PutMode.Append,
                    HistoryCommand.CompareAndSet => PutMode.CompareAndSet,
                    _ => PutMode.Set,
                };
                StoreResult stored = store.Put(0, mode, key, bytes, 0, Expiration.Never, compare, out cas);
                return (stored, null, cas);
        }
    }

    // Half of them are numbers, so that they can be counted.
    private static string Value(string name, Random random) => random.Next(16) switch
    {
        < 8 => random.Next(1, 1000).ToString(CultureInfo.InvariantCulture),
        8 => name.PadRight(LongValue, (char)('a' + random.Next(26))),
        _ => name.PadRight(random.Next(name.Length, LongestShortValue), (char)('a' + random.Next(26))),
    };
}
