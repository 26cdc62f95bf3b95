namespace Granary.Security.Certificates;

/// <summary>What the certificate at the other end must be good for (extended key usage, RFC 5280, 4.2.1.12).</summary>
internal enum PeerRole
{
    /// <summary>A .NET client, or a silo: <c>clientAuth</c>.</summary>
    Client,

    /// <summary>
    /// A silo: <c>serverAuth</c> and <c>clientAuth</c>. A client's certificate must not do, or its holder could pose as a
    /// silo and take shards over.
    /// </summary>
    Silo,
}
