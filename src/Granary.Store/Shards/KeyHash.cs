using System.IO.Hashing;
using Granary.Store.Namespaces;

namespace Granary.Store.Shards;

/// <summary>
/// The hash of the index. Seeded per silo, and so other bits than those that chose the shard, which everybody can compute.
/// </summary>
/// <param name="seed">The silo's.</param>
/// <param name="namespaces">
/// If there are some, the number of a key's is the lower six of the hash's 20 bits that are in the index's entries as well:
/// then one look-up in 2,300 compares a wrong key.
/// </param>
internal sealed class KeyHash(long seed, NamespaceTable? namespaces)
{
    private const int NamespaceShift = 44;
    private const ulong NamespaceMask = 63;

    public ulong Of(ReadOnlySpan<byte> key)
    {
        ulong hash = XxHash3.HashToUInt64(key, seed);
        return namespaces is null
            ? hash
            : (hash & ~(NamespaceMask << NamespaceShift)) | ((ulong)namespaces.Of(key) << NamespaceShift);
    }

    /// <summary>The number of a key's namespace, of its hash or the index's entry. Only where there are namespaces.</summary>
    public static int NamespaceOf(ulong hash) => (int)((hash >> NamespaceShift) & NamespaceMask);
}
