namespace Granary;

/// <summary>Drops namespaces in the whole cluster; any silo does it. Its key is 0.</summary>
[Alias("granary.ICacheNamespacesGrain")]
public interface ICacheNamespacesGrain : IGrainWithIntegerKey
{
    /// <summary>Drops every entry of a namespace that was stored before the call.</summary>
    /// <param name="name">The namespace's name.</param>
    /// <returns><see langword="false"/> if the silo that was asked has none of that name; nothing was dropped.</returns>
    /// <exception cref="GranaryUnavailableException">Some shards were served by nobody; call again, which does no harm.</exception>
    [Alias("Drop"), ResponseTimeout("00:00:20")]
    ValueTask<bool> DropAsync(string name);
}
