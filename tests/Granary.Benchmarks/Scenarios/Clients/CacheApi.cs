namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>What an application calls.</summary>
internal enum CacheApi
{
    /// <summary>Each library's own: <c>IGranaryCache</c>, StackExchange.Redis.</summary>
    Own,

    /// <summary><c>IDistributedCache</c>: Granary's, and .NET's over StackExchange.Redis.</summary>
    Distributed,

    /// <summary>.NET's <c>HybridCache</c>, which asks the second level each time: that is <see cref="Distributed"/>.</summary>
    Hybrid,
}
