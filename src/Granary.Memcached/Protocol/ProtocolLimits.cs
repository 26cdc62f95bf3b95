namespace Granary.Memcached.Protocol;

/// <summary>The bounds of the text protocol.</summary>
internal static class ProtocolLimits
{
    /// <summary>Longest key. Bytes. memcached's KEY_MAX_LENGTH.</summary>
    public const int MaxKeyLength = 250;

    /// <summary>Longest data block a line may announce. Bytes. With its CR LF it still fits in an int, as in
    /// memcached.</summary>
    public const int MaxValueLength = int.MaxValue - 2;

    /// <summary>How much of a line may arrive without its LF before the connection is closed. Bytes. memcached's 2048;
    /// the retrieval commands, whose key lists may be long, have <see cref="MaxLineLength"/> instead.</summary>
    public const int MaxUnfinishedLineLength = 2048;

    /// <summary>Longest line, LF included. Bytes. memcached has no bound; ours holds 4,000 keys of full length and
    /// keeps one client from filling the memory.</summary>
    public const int MaxLineLength = 1 << 20;

    /// <summary>Spaces that may stand before the name of an unfinished retrieval command. memcached's 100.</summary>
    public const int MaxLeadingSpaces = 100;

    /// <summary>Most words of a meta command, its name and key counted. memcached's MFLAG_MAX_OPT_LENGTH.</summary>
    public const int MaxMetaTokens = 20;

    /// <summary>Longest opaque flag of a meta command, its letter counted. Bytes. memcached's
    /// MFLAG_MAX_OPAQUE_LENGTH.</summary>
    public const int MaxOpaqueLength = 32;

    /// <summary>Longest data block, or SASL message, with a user name and a password. Bytes. Several times what a line of the user file
    /// holds; so little that a client that nobody knows yet can make the server keep.</summary>
    public const int MaxAuthenticationTokenLength = 1024;
}
