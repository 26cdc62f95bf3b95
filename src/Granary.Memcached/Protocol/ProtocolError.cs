namespace Granary.Memcached.Protocol;

/// <summary>Why a command was not done. <see cref="Reply.For"/> has the line to answer.</summary>
internal enum ProtocolError : byte
{
    /// <summary>Nothing is wrong, or nothing is to be said about it (the connection just closes).</summary>
    None,

    /// <summary>No such command.</summary>
    UnknownCommand,

    /// <summary>Too few arguments, a key that is too long, or a number that is none.</summary>
    BadLineFormat,

    /// <summary>delete with arguments that it does not have.</summary>
    BadDeleteFormat,

    /// <summary>touch, gat, gats or flush_all with an expiration time that is no number.</summary>
    InvalidExpiration,

    /// <summary>incr or decr with a delta outside 0 to 2^64-1.</summary>
    InvalidDelta,

    /// <summary>The line is longer than <see cref="ProtocolLimits.MaxLineLength"/>.</summary>
    LineTooLong,

    /// <summary>The data block does not end with CR LF where it was announced to.</summary>
    BadDataChunk,

    /// <summary>incr or decr of a value that is not an unsigned decimal number.</summary>
    NonNumericValue,

    /// <summary>The value does not fit in an item.</summary>
    ObjectTooLarge,

    /// <summary>There is no room for the value.</summary>
    OutOfMemory,

    /// <summary>A bound on the work in flight is reached; the command was not done and may be sent again.</summary>
    Busy,

    /// <summary>flush_all is switched off.</summary>
    FlushNotAllowed,

    /// <summary>A meta command with a flag that no meta command has.</summary>
    InvalidFlag,

    /// <summary>A meta command with the same flag twice.</summary>
    DuplicateFlag,

    /// <summary>ma with an error in its flags, whichever.</summary>
    InvalidOrDuplicateFlag,

    /// <summary>The number of a meta command's flag is none.</summary>
    BadToken,

    /// <summary>The initial value of a meta command is no number from 0 to 2^64-1.</summary>
    InvalidInitialValue,

    /// <summary>The delta of a meta command is no number from 0 to 2^64-1.</summary>
    InvalidDeltaValue,

    /// <summary>The opaque token of a meta command is longer than <see cref="ProtocolLimits.MaxOpaqueLength"/>.</summary>
    OpaqueTooLong,

    /// <summary>The key of a meta command is not base64, though it says so.</summary>
    BadBase64,

    /// <summary>A meta command of more than <see cref="ProtocolLimits.MaxMetaTokens"/> words.</summary>
    TooManyFlags,

    /// <summary>ms with a mode that there is not.</summary>
    InvalidSetMode,

    /// <summary>ma with a mode that there is not.</summary>
    InvalidArithmeticMode,

    /// <summary>The connection must authenticate before anything else.</summary>
    Unauthenticated,

    /// <summary>Unknown user or wrong password.</summary>
    AuthenticationFailure,

    /// <summary>The user name and password are longer than any that could be right.</summary>
    AuthenticationTokenTooLong,

    /// <summary>What should be a user name and a password is less than two words.</summary>
    BadAuthenticationToken,

    /// <summary>The user name and password are not followed by CR LF where they were announced to end.</summary>
    BadLineTermination,

    /// <summary>The connection is one too many.</summary>
    TooManyConnections,
}
