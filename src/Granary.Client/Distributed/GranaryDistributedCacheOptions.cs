namespace Granary.Client;

/// <summary>What an <c>IDistributedCache</c> adds to its keys.</summary>
public sealed class GranaryDistributedCacheOptions
{
    /// <summary>
    /// Stands before every key, so that several applications, or several caches of one, do not meet. Default empty: then
    /// <c>IGranaryCache</c> and memcached clients have the same entries under the same keys. With it, a key has at most
    /// 1,024 bytes as UTF-8; the shortest key has 1.
    /// </summary>
    public string KeyPrefix { get; set; } = string.Empty;
}
