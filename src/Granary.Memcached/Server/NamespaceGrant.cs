namespace Granary.Memcached.Server;

/// <summary>A namespace that a user may use.</summary>
/// <param name="Namespace">Its name.</param>
/// <param name="MayWrite">Whether the user may change its entries as well.</param>
public sealed record NamespaceGrant(string Namespace, bool MayWrite);
