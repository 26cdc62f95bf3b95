using System.Text;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Who speaks on a connection. One thread at a time.</summary>
internal sealed class Caller(GatewayState gateway)
{
    /// <summary>The keys that he may use; <see langword="null"/> for all.</summary>
    public KeyAccess? Access { get; private set; }

    /// <summary>The client is who it says.</summary>
    public void Become(ReadOnlySpan<byte> user) =>
        Access = gateway.Access.Count == 0 ? null : gateway.Access.GetValueOrDefault(Encoding.UTF8.GetString(user));

    /// <summary>Whether he may change an entry.</summary>
    public bool MayWrite(ReadOnlySpan<byte> key) => Access is null || Access.MayWrite(key);

    /// <summary>A read with options, as he may do it: with a token he would change the entry, and nobody would store it anew.</summary>
    public PackedOperation Limit(in PackedOperation read) => MayWrite(read.Key)
        ? read
        : read with { Options = read.Options with { Bits = read.Options.Bits | OperationBits.TakesNoToken } };
}
