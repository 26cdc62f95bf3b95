namespace Granary;

/// <summary>Drops tags in the whole cluster; any silo does it. Its key is 0.</summary>
[Alias("granary.ICacheTagsGrain")]
public interface ICacheTagsGrain : IGrainWithIntegerKey
{
    /// <summary>Most tags of a call.</summary>
    const int MaxTags = 1000;

    /// <summary>Drops every entry that has one of some tags and was stored before the call.</summary>
    /// <param name="tags">The tags' hashes, at most <see cref="MaxTags"/>.</param>
    /// <exception cref="GranaryUnavailableException">Some shards were served by nobody; call again, which does no harm.</exception>
    [Alias("Drop"), ResponseTimeout("00:00:20")]
    ValueTask DropAsync(ulong[] tags);
}
