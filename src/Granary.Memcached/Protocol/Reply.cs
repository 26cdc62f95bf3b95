namespace Granary.Memcached.Protocol;

/// <summary>The reply lines that are always the same, CR LF included.</summary>
/// <remarks>The bytes are memcached 1.6.45's; busy and line too long are ours.</remarks>
internal static class Reply
{
    public static ReadOnlySpan<byte> Stored => "STORED\r\n"u8;

    public static ReadOnlySpan<byte> NotStored => "NOT_STORED\r\n"u8;

    public static ReadOnlySpan<byte> Exists => "EXISTS\r\n"u8;

    public static ReadOnlySpan<byte> NotFound => "NOT_FOUND\r\n"u8;

    public static ReadOnlySpan<byte> Deleted => "DELETED\r\n"u8;

    public static ReadOnlySpan<byte> Touched => "TOUCHED\r\n"u8;

    public static ReadOnlySpan<byte> Ok => "OK\r\n"u8;

    public static ReadOnlySpan<byte> End => "END\r\n"u8;

    /// <summary>Behind a list of mg commands.</summary>
    public static ReadOnlySpan<byte> MetaEnd => "EN\r\n"u8;

    /// <summary>The answer to <c>stats reset</c>.</summary>
    public static ReadOnlySpan<byte> Reset => "RESET\r\n"u8;

    /// <summary>Ends a data block, in both directions.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public static ReadOnlySpan<byte> Error => "ERROR\r\n"u8;

    public static ReadOnlySpan<byte> BadLineFormat => "CLIENT_ERROR bad command line format\r\n"u8;

    public static ReadOnlySpan<byte> BadDeleteFormat =>
        "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n"u8;

    public static ReadOnlySpan<byte> InvalidExpiration => "CLIENT_ERROR invalid exptime argument\r\n"u8;

    public static ReadOnlySpan<byte> InvalidDelta => "CLIENT_ERROR invalid numeric delta argument\r\n"u8;

    public static ReadOnlySpan<byte> LineTooLong => "CLIENT_ERROR line too long\r\n"u8;

    public static ReadOnlySpan<byte> BadDataChunk => "CLIENT_ERROR bad data chunk\r\n"u8;

    public static ReadOnlySpan<byte> NonNumericValue =>
        "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"u8;

    public static ReadOnlySpan<byte> ObjectTooLarge => "SERVER_ERROR object too large for cache\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemory => "SERVER_ERROR out of memory storing object\r\n"u8;

    public static ReadOnlySpan<byte> Busy => "SERVER_ERROR busy\r\n"u8;

    public static ReadOnlySpan<byte> FlushNotAllowed => "CLIENT_ERROR flush_all not allowed\r\n"u8;

    public static ReadOnlySpan<byte> AccessDenied => "CLIENT_ERROR this user may not do that\r\n"u8;

    public static ReadOnlySpan<byte> MetaNoop => "MN\r\n"u8;

    public static ReadOnlySpan<byte> InvalidFlag => "CLIENT_ERROR invalid flag\r\n"u8;

    public static ReadOnlySpan<byte> DuplicateFlag => "CLIENT_ERROR duplicate flag\r\n"u8;

    public static ReadOnlySpan<byte> InvalidOrDuplicateFlag => "CLIENT_ERROR invalid or duplicate flag\r\n"u8;

    public static ReadOnlySpan<byte> BadToken => "CLIENT_ERROR bad token in command line format\r\n"u8;

    public static ReadOnlySpan<byte> InvalidInitialValue => "CLIENT_ERROR invalid numeric initial value\r\n"u8;

    public static ReadOnlySpan<byte> InvalidDeltaValue => "CLIENT_ERROR invalid numeric delta value\r\n"u8;

    public static ReadOnlySpan<byte> OpaqueTooLong => "CLIENT_ERROR opaque token too long\r\n"u8;

    public static ReadOnlySpan<byte> BadBase64 => "CLIENT_ERROR error decoding key\r\n"u8;

    public static ReadOnlySpan<byte> TooManyFlags => "CLIENT_ERROR options flags are too long\r\n"u8;

    public static ReadOnlySpan<byte> InvalidSetMode => "CLIENT_ERROR invalid mode for ms M token\r\n"u8;

    public static ReadOnlySpan<byte> InvalidArithmeticMode => "CLIENT_ERROR invalid mode for ma M token\r\n"u8;

    public static ReadOnlySpan<byte> Unauthenticated => "CLIENT_ERROR unauthenticated\r\n"u8;

    public static ReadOnlySpan<byte> AuthenticationFailure => "CLIENT_ERROR authentication failure\r\n"u8;

    public static ReadOnlySpan<byte> AuthenticationTokenTooLong => "CLIENT_ERROR auth token too long\r\n"u8;

    public static ReadOnlySpan<byte> BadAuthenticationToken =>
        "CLIENT_ERROR bad authentication token format\r\n"u8;

    public static ReadOnlySpan<byte> BadLineTermination => "CLIENT_ERROR bad command line termination\r\n"u8;

    public static ReadOnlySpan<byte> BadDetail => "CLIENT_ERROR usage: stats detail on|off|dump\r\n"u8;

    public static ReadOnlySpan<byte> BadCacheDump => "CLIENT_ERROR bad command line\r\n"u8;

    public static ReadOnlySpan<byte> IllegalClass => "CLIENT_ERROR Illegal slab id\r\n"u8;

    public static ReadOnlySpan<byte> InvalidClass => "BADCLASS invalid class id\r\n"u8;

    public static ReadOnlySpan<byte> CacheDumpNotAllowed => "CLIENT_ERROR stats cachedump not allowed\r\n"u8;

    public static ReadOnlySpan<byte> MetaDumpNotAllowed => "ERROR metadump not allowed\r\n"u8;

    public static ReadOnlySpan<byte> NoCrawler => "CLIENT_ERROR lru crawler disabled\r\n"u8;

    public static ReadOnlySpan<byte> NoReassignment => "CLIENT_ERROR slab reassignment disabled\r\n"u8;

    public static ReadOnlySpan<byte> MemoryLimitTooSmall => "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n"u8;

    public static ReadOnlySpan<byte> MemoryLimitInBytes =>
        "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n"u8;

    public static ReadOnlySpan<byte> MemoryLimitOutOfBounds =>
        "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n"u8;

    public static ReadOnlySpan<byte> WatchNotAllowed => "CLIENT_ERROR watch commands not allowed\r\n"u8;

    public static ReadOnlySpan<byte> WatchNotFirst => "ERROR cannot pipeline other commands before watch\r\n"u8;

    public static ReadOnlySpan<byte> TooManyWatchers => "WATCHER_TOO_MANY log watcher limit reached\r\n"u8;

    public static ReadOnlySpan<byte> TooManyConnections => "ERROR Too many open connections\r\n"u8;

    /// <summary>The line that answers <paramref name="error"/>; empty for <see cref="ProtocolError.None"/>.</summary>
    public static ReadOnlySpan<byte> For(ProtocolError error) => error switch
    {
        ProtocolError.None => default,
        ProtocolError.UnknownCommand => Error,
        ProtocolError.BadLineFormat => BadLineFormat,
        ProtocolError.BadDeleteFormat => BadDeleteFormat,
        ProtocolError.InvalidExpiration => InvalidExpiration,
        ProtocolError.InvalidDelta => InvalidDelta,
        ProtocolError.LineTooLong => LineTooLong,
        ProtocolError.BadDataChunk => BadDataChunk,
        ProtocolError.NonNumericValue => NonNumericValue,
        ProtocolError.ObjectTooLarge => ObjectTooLarge,
        ProtocolError.OutOfMemory => OutOfMemory,
        ProtocolError.Busy => Busy,
        ProtocolError.FlushNotAllowed => FlushNotAllowed,
        ProtocolError.InvalidFlag => InvalidFlag,
        ProtocolError.DuplicateFlag => DuplicateFlag,
        ProtocolError.InvalidOrDuplicateFlag => InvalidOrDuplicateFlag,
        ProtocolError.BadToken => BadToken,
        ProtocolError.InvalidInitialValue => InvalidInitialValue,
        ProtocolError.InvalidDeltaValue => InvalidDeltaValue,
        ProtocolError.OpaqueTooLong => OpaqueTooLong,
        ProtocolError.BadBase64 => BadBase64,
        ProtocolError.TooManyFlags => TooManyFlags,
        ProtocolError.InvalidSetMode => InvalidSetMode,
        ProtocolError.InvalidArithmeticMode => InvalidArithmeticMode,
        ProtocolError.Unauthenticated => Unauthenticated,
        ProtocolError.AuthenticationFailure => AuthenticationFailure,
        ProtocolError.AuthenticationTokenTooLong => AuthenticationTokenTooLong,
        ProtocolError.BadAuthenticationToken => BadAuthenticationToken,
        ProtocolError.BadLineTermination => BadLineTermination,
        ProtocolError.TooManyConnections => TooManyConnections,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "No reply is written down for this error."),
    };
}
