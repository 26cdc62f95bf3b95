namespace Granary.Memcached.Protocol.Binary;

/// <summary>What a client says in SASL's mechanism PLAIN (RFC 4616).</summary>
internal static class SaslPlain
{
    /// <summary>The mechanism's name.</summary>
    public static ReadOnlySpan<byte> Name => "PLAIN"u8;

    // [user to act as] NUL user NUL password
    /// <summary>Reads user and password.</summary>
    /// <returns>
    /// <see langword="false"/> if they are not there, or if the user wants to act as another one: nobody may.
    /// </returns>
    public static bool TryRead(
        ReadOnlySpan<byte> message, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> password)
    {
        user = default;
        password = default;
        int actorLength = message.IndexOf((byte)0);
        if (actorLength < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = message[(actorLength + 1)..];
        int userLength = rest.IndexOf((byte)0);
        if (userLength < 0)
        {
            return false;
        }

        user = rest[..userLength];
        password = rest[(userLength + 1)..];
        return actorLength == 0 || message[..actorLength].SequenceEqual(user);
    }
}
