using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Meta;

/// <summary>A client of one silo that says something and is answered, again and again.</summary>
internal sealed class MetaTalk : IDisposable
{
    private readonly TestCache _cache = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Conversation _client;

    public MetaTalk() =>
        _client = new Conversation(new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider()));

    public GatewayCounters Counters => _client.Counters;

    public long StoredItems => _cache.Local.Store.GetStatistics().Stores;

    /// <summary>Sends, and is answered so. Line ends are written as a bar, in both.</summary>
    public void Says(string request, string answer)
    {
        string got = _client.Send(request.Replace("|", "\r\n", StringComparison.Ordinal));
        Assert.Equal((request, answer), (request, got.Replace("\r\n", "|", StringComparison.Ordinal)));
    }

    /// <summary>Sends.</summary>
    /// <returns>The answer, with bars for line ends.</returns>
    public string Ask(string request) => _client.Send(request.Replace("|", "\r\n", StringComparison.Ordinal))
        .Replace("\r\n", "|", StringComparison.Ordinal);

    /// <summary>The cas of an entry.</summary>
    public ulong CasOf(string key) => ulong.Parse(
        Ask($"mg {key} c u|")["HD c".Length..].Split(' ', '|')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As flush_all does.</summary>
    public void Flush() => _cache.Local.Store.Flush(0, 0);

    /// <summary>Time passes.</summary>
    public void Wait(int seconds) => _cache.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        _client.Dispose();
        _cache.Dispose();
    }
}
