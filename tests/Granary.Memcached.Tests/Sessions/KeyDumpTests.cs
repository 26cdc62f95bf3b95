using System.Globalization;
using Granary.Memcached.Tests.Meta;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>Lists of keys (rules of section 9).</summary>
public sealed class KeyDumpTests : IDisposable
{
    private const int Many = 5_000; // some pages

    private readonly MetaTalk _talk = new(); // its clock begins with 2026, which is 1767225600

    [Fact]
    public void MetaDump_HasAllThatIsKnown()
    {
        _talk.Says("set a:b 5 100 3|abc|", "STORED|");
        ulong cas = _talk.CasOf("a:b");
        string size = _talk.Ask("me a:b|").Split("size=")[1].Split('|')[0];
        _talk.Wait(7);

        _talk.Says(
            "lru_crawler metadump all|",
            $"OK|key=a%3Ab exp=1767225700 la=1767225600 cas={cas} fetch=no cls=1 size={size} flags=5 \nEND|");

        _talk.Ask("get a:b|");
        _talk.Says(
            "lru_crawler metadump hash|",
            $"OK|key=a%3Ab exp=1767225700 la=1767225607 cas={cas} fetch=yes cls=1 size={size} flags=5 \nEND|");
    }

    [Fact]
    public void MetaDump_OfWhatNeverExpires_SaysSo()
    {
        _talk.Ask("set k 0 0 1|a|");

        Assert.Contains("key=k exp=-1 la=1767225600 ", _talk.Ask("lru_crawler metadump 1|"), StringComparison.Ordinal);
    }

    [Fact]
    public void MetaDump_LeavesOutWhatHasExpired()
    {
        _talk.Ask("set k 0 1 1|a|");
        _talk.Wait(2);

        _talk.Says("lru_crawler metadump all|", "OK|END|");
    }

    [Fact]
    public void MetaDump_OfManyKeys_HasEachOnce()
    {
        string[] keys = [.. Enumerable.Range(0, Many).Select(number => string.Create(CultureInfo.InvariantCulture, $"k{number}"))];
        _talk.Ask(string.Concat(keys.Select(key => $"set {key} 0 0 1 noreply|a|")));

        string[] lines = _talk.Ask("lru_crawler metadump all|version|").Split('\n');

        Assert.Equal(Many + 1, lines.Length);
        Assert.Equal(keys.Order(StringComparer.Ordinal), lines[..^1]
            .Select(line => line.Split("key=")[1].Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.StartsWith("END|VERSION ", lines[^1], StringComparison.Ordinal); // what came behind it is answered behind it
    }

    [Fact]
    public void MetaDump_OfALongValue_IsALineAsAny()
    {
        string value = new('v', 900_000);
        _talk.Ask($"set k 0 0 {value.Length}|{value}|");

        Assert.StartsWith("OK|key=k exp=-1 ", _talk.Ask("lru_crawler metadump all|"), StringComparison.Ordinal);
    }

    [Fact]
    public void MgDump_SaysHowToReadThem()
    {
        _talk.Says("lru_crawler mgdump all|", "OK|EN|");
        _talk.Ask("set k 0 0 1|a|ms AAECDQo= 1 b|c|");

        string[] lines = _talk.Ask("lru_crawler mgdump all|").Split('|');

        Assert.Equal("EN|OK|mg AAECDQo= b|mg k", string.Join('|', lines[..^1].Order(StringComparer.Ordinal)));
        Assert.Equal(("OK", "EN"), (lines[0], lines[3]));
        _talk.Says("mg AAECDQo= b v|", "VA 1|c|");
    }

    [Fact]
    public void CacheDump_LeavesOutWhatNoClassicCommandCanName()
    {
        _talk.Ask("ms AAECDQo= 1 b|c|");

        _talk.Says("stats cachedump 1 0|", "END|");
    }

    public void Dispose() => _talk.Dispose();
}
