using System.Text;
using Granary.Cache.Routing;
using Granary.Cache.Tests.Doubles;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

public sealed class KeyScansTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Page_HoldsAbout64KiBOfKeys_AndTheWalkEndsAsync()
    {
        using TestSilo silo = await ServingAsync();
        for (int number = 0; number < 1000; number++)
        {
            byte[] key = Encoding.ASCII.GetBytes($"{number:d4}{new string('k', 996)}");
            silo.Store.Put(0, PutMode.Set, key, "v"u8, 0, default, 0, out _);
        }

        var scans = new KeyScans(silo.Registry, silo.Lease);
        var found = new HashSet<string>(StringComparer.Ordinal);
        int pages = 0;
        var page = new ScanReply { Status = CacheStatus.Success };
        while (!page.IsEnd)
        {
            page = await scans.ReadAsync(0, Request(page));
            Assert.InRange(page.Keys.Sum(static key => key.Length), 0, ScanReply.MaxKeyBytes + (1000 * 600));
            found.UnionWith(page.Keys.Select(static key => Encoding.ASCII.GetString(key)));
            pages++;
        }

        Assert.Equal(1000, found.Count);
        Assert.True(pages > 1);
    }

    [Fact]
    public async Task Page_OfAShardThatIsNotOpen_IsNotOwnerAsync()
    {
        using TestSilo silo = await ServingAsync();
        silo.Store.Close(0);

        ScanReply page = await new KeyScans(silo.Registry, silo.Lease).ReadAsync(0, Request(null));

        Assert.Equal(CacheStatus.NotOwner, page.Status);
        Assert.False(page.IsEnd);
    }

    // It may have been declared dead, and another silo may have changed the shard.
    [Fact]
    public async Task Page_OfASiloWhoseLeaseHasRunOut_IsNotOwnerAsync()
    {
        using TestSilo silo = await ServingAsync();
        silo.Store.Put(0, PutMode.Set, "key"u8, "v"u8, 0, default, 0, out _);
        _time.Advance(TimeSpan.FromSeconds(10));

        ScanReply page = await new KeyScans(silo.Registry, silo.Lease).ReadAsync(0, Request(null));

        Assert.Equal(CacheStatus.NotOwner, page.Status);
        Assert.Empty(page.Keys);
    }

    [Fact]
    public async Task Prefix_LongerThanAKey_IsRefusedAsync()
    {
        using TestSilo silo = await ServingAsync();
        var scans = new KeyScans(silo.Registry, silo.Lease);

        GranaryException error = await Assert.ThrowsAsync<GranaryException>(
            async () => await scans.ReadAsync(0, new ScanRequest { Prefix = new byte[1025] }));

        Assert.Contains("1025 bytes", error.Message, StringComparison.Ordinal);
    }

    private static ScanRequest Request(ScanReply? page) => new()
    {
        Prefix = default,
        Origin = page?.Origin ?? 0,
        Next = page?.Next ?? 0,
    };

    private async Task<TestSilo> ServingAsync()
    {
        var silo = new TestSilo(_time);
        await silo.SeeBothAsync();
        silo.Registry[0].OpenAlone();
        silo.Lease.Renew(_time.GetTimestamp());
        return silo;
    }
}
