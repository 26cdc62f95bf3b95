namespace Granary.Memcached.Server;

/// <summary>What was asked of the keys of one prefix. Under the lock of its <see cref="PrefixCounts"/>.</summary>
internal sealed class PrefixCount
{
    public long Gets;
    public long Hits;
    public long Sets;
    public long Deletes;
}
