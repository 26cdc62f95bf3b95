namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>
/// What <c>client</c> asks of a .NET client library. Safe for many callers at once, as its connection is shared.
/// </summary>
internal interface ICacheUnderTest : IAsyncDisposable
{
    /// <summary>The value; <see langword="null"/> on a miss.</summary>
    ValueTask<byte[]?> GetAsync(string key);

    ValueTask SetAsync(string key, byte[] value);

    /// <summary>Reads all keys in one call; returns how many were found.</summary>
    ValueTask<int> GetManyAsync(string[] keys);
}
