using System.Text;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Who speaks on a connection. One thread at a time.</summary>
internal sealed class Caller(GatewayState gateway)
{
    /// <summary>The keys that he may use; <see langword="null"/> for all.</summary>
    public KeyAccess? Access { get; private set; }

    /// <summary>The client is who it says.</summary>
    public void Become(ReadOnlySpan<byte> user) =>
        Access = gateway.Access.Count == 0 ? null : gateway.Access.GetValueOrDefault(Encoding.UTF8.GetString(user));
}
