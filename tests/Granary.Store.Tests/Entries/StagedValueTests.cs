using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

/// <summary>Values that are written piece by piece.</summary>
public sealed class StagedValueTests
{
    // One that is chained is never a number, and takes a segment for itself.
    [Fact]
    public void Value_ThatIsShort_IsAnEntryLikeOthers()
    {
        using var driver = new StoreDriver();
        var options = new PutOptions { Flags = 7, Tags = new EntryTags(new ulong[] { 1 }) };
        for (int number = 0; number < 1000; number++)
        {
            using StagedValue staged = driver.Store.Stage(StoreDriver.Bytes($"key-{number}"), 2, options);
            Assert.True(staged.TryWrite("4"u8));
            Assert.True(staged.TryWrite("1"u8));
            Assert.Equal(StoreResult.Success, driver.Store.Commit(0, staged, options, out PutOutcome outcome));
            Assert.Equal(2, outcome.ValueLength);
        }

        Assert.Equal(StoreResult.Success, driver.Store.Increment(0, "key-0"u8, 1, negative: false, out ulong counted, out _));
        Assert.Equal(42UL, counted);
        Assert.Equal(7U, driver.Read("key-1").Entry.Flags);
        Assert.InRange(driver.Store.GetStatistics().UsedBytes, 1, 100 * driver.Store.MaxUnchainedValueBytes);
        driver.Store.DropTag(0, 1);
        Assert.Null(driver.Get("key-1"));
    }
}
