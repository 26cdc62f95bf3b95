using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

public sealed class PinnedValueTests
{
    private struct KeepingSink : IEntrySink
    {
        public PinnedValue? Pinned { get; private set; }

        public readonly void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) => Assert.Fail("The value is long.");

        public void Accept(in EntryInfo entry, PinnedValue value) => Pinned = value;
    }

    [Fact]
    public void PinnedValue_AfterItsEntryIsReplacedAndEvicted_StaysAsItWas()
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20);
        byte[] value = new byte[700_000];
        new Random(1).NextBytes(value);
        driver.Put(PutMode.Set, "long", value);
        var sink = default(KeepingSink);
        driver.Store.Get(0, "long"u8, ref sink);
        using PinnedValue pinned = sink.Pinned!;

        driver.Set("long", "replaced");
        for (int fill = 0; fill < 40; fill++)
        {
            driver.Put(PutMode.Set, $"fill-{fill}", new byte[700_000]);
        }

        byte[] read = new byte[value.Length];
        pinned.CopyTo(0, read);
        Assert.Equal(value, read);
    }

    [Fact]
    public void PinnedValue_AfterDispose_GivesItsMemoryBack()
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20);
        driver.Put(PutMode.Set, "long", new byte[700_000]);
        var sink = default(KeepingSink);
        driver.Store.Get(0, "long"u8, ref sink);
        long used = driver.Store.GetStatistics().UsedBytes;

        driver.Store.Delete(0, "long"u8);
        long whilePinned = driver.Store.GetStatistics().UsedBytes;
        sink.Pinned!.Dispose();

        Assert.Equal(used, whilePinned);
        Assert.True(driver.Store.GetStatistics().UsedBytes < used - 600_000);
    }
}
