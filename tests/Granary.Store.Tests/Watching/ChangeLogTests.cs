using System.IO.Hashing;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Granary.Store.Watching;

namespace Granary.Store.Tests.Watching;

/// <summary>What those are told who keep values.</summary>
public sealed class ChangeLogTests : IDisposable
{
    private const ulong Red = 7;

    private readonly StoreDriver _driver = new();
    private long _position;

    private ChangeLog Log => _driver.Store.Changes;

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void Nothing_IsNotedBeforeSomebodyReads()
    {
        _driver.Set("key", "1");

        Assert.False(Watch("key").IsWatched);
        Assert.Equal(0, Log.End);
        Assert.False(Log.TryRead(ref _position, 10, out _));
    }

    [Fact]
    public void Change_OfAKeyThatIsKept_IsNotedWithItsCas()
    {
        Log.Begin();
        _driver.Set("key", "1");
        Assert.Empty(Read());

        Assert.True(Watch("key").IsWatched);
        _driver.Set("other", "2");
        _driver.Set("key", "2");

        Assert.Equal([new WatchedChange(WatchedChangeKind.Entry, HashOf("key"), _driver.LastCas)], Read());
    }

    [Fact]
    public void Cas_ThatWasGiven_IsNotTold() // another value may have been given the same
    {
        Log.Begin();
        _driver.Set("key", "1");
        Watch("key");

        _driver.Put("key", StoreDriver.Bytes("2"), new PutOptions { NewCas = 5 });

        Assert.Equal([new WatchedChange(WatchedChangeKind.Entry, HashOf("key"), 0)], Read());
    }

    [Fact]
    public void Deletion_OfWhatIsNotThereAnyMore_IsNoted()
    {
        Log.Begin();
        _driver.Set("key", "1", expiration: Expiration.AfterMilliseconds(1000));
        Watch("key");
        _driver.Time.Advance(TimeSpan.FromSeconds(2));

        _driver.Store.Delete(0, StoreDriver.Bytes("key"));
        _driver.Store.Delete(0, StoreDriver.Bytes("key"), new DeleteOptions());

        Assert.Equal([HashOf("key"), HashOf("key")], Read().Select(static change => change.Subject));
    }

    [Fact]
    public void StaleEntry_IsNotKept()
    {
        Log.Begin();
        _driver.Set("key", "1");
        _driver.Store.Delete(0, StoreDriver.Bytes("key"), new DeleteOptions { MarksStale = true });

        EntryDetails details = Watch("key");

        Assert.False(details.IsWatched);
        Assert.False(details.HasWon); // the token is for those who ask for it
    }

    [Fact]
    public void Flush_EndsTheShardsValues_AlsoOneThatIsStillToCome()
    {
        Log.Begin();
        _driver.Set("key", "1");
        Watch("key");

        _driver.Store.Flush(0, _driver.Now + 1000);

        Assert.Equal([new WatchedChange(WatchedChangeKind.ShardBegun, 0, 0)], Read());
        Assert.False(Watch("key").IsWatched); // nobody would tell when its time comes
        _driver.Time.Advance(TimeSpan.FromSeconds(2));
        _driver.Set("key", "2");
        Assert.True(Watch("key").IsWatched);
    }

    [Fact]
    public void Shard_TellsWhenItIsServed()
    {
        Log.Begin();

        _driver.Store.Close(0);
        _driver.Store.Open(0);

        Assert.Equal([WatchedChangeKind.ShardEnded, WatchedChangeKind.ShardBegun], Read().Select(static change => change.Kind));
    }

    [Fact]
    public void Tag_IsToldIfAnEntryOfItIsKept()
    {
        Log.Begin();
        _driver.SetTagged("key", "1", Red, Red + 1);
        Log.TagDropped(Red);
        Assert.Empty(Read());

        Assert.Equal([Red, Red + 1], Watch("key").Tags.ToArray());
        Log.TagDropped(Red);

        Assert.Equal([new WatchedChange(WatchedChangeKind.Tag, Red, 0)], Read());
    }

    [Fact]
    public void Key_IsRememberedForItsTime_AndThenForgotten()
    {
        Log.Begin();
        _driver.Set("key", "1");
        Watch("key");
        _driver.Time.Advance(ChangeLog.Memory - TimeSpan.FromMilliseconds(1));
        _driver.Set("other", "1");
        Watch("other");
        _driver.Time.Advance(TimeSpan.FromMilliseconds(1));
        Watch("other"); // the sets change places

        _driver.Set("key", "2");
        Assert.Single(Read());
        _driver.Time.Advance(ChangeLog.Memory);
        Watch("other");
        _driver.Set("key", "3");

        Assert.Empty(Read());
    }

    [Fact]
    public void Reader_WhoIsTooFarBehind_IsTold()
    {
        Log.Begin();
        _driver.Set("key", "1");
        Watch("key");
        for (int change = 0; change < ChangeLog.Capacity; change++)
        {
            _driver.Set("key", "2");
        }

        Assert.True(Log.TryRead(ref _position, 10, out WatchedChange[] changes));
        Assert.Equal((10, 10), (changes.Length, _position));
        _position = 0;
        _driver.Set("key", "2");
        Assert.False(Log.TryRead(ref _position, 10, out _));
        long ahead = Log.End + 1;
        Assert.False(Log.TryRead(ref ahead, 10, out _));
    }

    [Fact]
    public async Task Wait_EndsWithTheNextChange()
    {
        Log.Begin();
        _driver.Set("key", "1");
        Watch("key");
        Task change = Log.AfterAsync(Log.End);
        Assert.False(change.IsCompleted);

        _driver.Set("key", "2");

        await change.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(Log.AfterAsync(0).IsCompleted);
    }

    private static ulong HashOf(string key) => XxHash3.HashToUInt64(StoreDriver.Bytes(key));

    private EntryDetails Watch(string key)
    {
        var sink = new DetailSink();
        _driver.Store.Read(0, StoreDriver.Bytes(key), new ReadOptions { WantsValue = true, Watches = true }, ref sink);
        return sink.Details;
    }

    private WatchedChange[] Read()
    {
        Assert.True(Log.TryRead(ref _position, ChangeLog.Capacity, out WatchedChange[] changes));
        return changes;
    }
}
