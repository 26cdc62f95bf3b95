using Granary.Store.Entries;

namespace Granary.Store.Eviction;

/// <summary>Is told of entries that are evicted.</summary>
public interface IEvictionSink
{
    /// <summary>An entry makes room. With the lock of its shard in hand: this must not wait, and must not call the store.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="details">What is known of it; what it takes and its tags are left out.</param>
    void Evicted(ReadOnlySpan<byte> key, in EntryDetails details);
}
