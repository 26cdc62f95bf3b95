namespace Granary.Memcached.Protocol.Binary;

/// <summary>
/// How a binary request ended. memcached itself knows the numbers up to <see cref="OutOfMemory"/>, the protocol's document
/// all of them.
/// </summary>
internal enum BinaryStatus : ushort
{
    Success = 0x00,
    NotFound = 0x01,
    Exists = 0x02,
    TooLarge = 0x03,
    InvalidArguments = 0x04,
    NotStored = 0x05,
    NotNumeric = 0x06,
    AuthenticationFailure = 0x20,

    /// <summary>The client is to say more: <see cref="BinaryOpcode.SaslStep"/>.</summary>
    AuthenticationContinues = 0x21,

    UnknownCommand = 0x81,
    OutOfMemory = 0x82,

    /// <summary>It may or may not have been done: the silo that has the key was lost meanwhile.</summary>
    Unknown = 0x84,

    /// <summary>A bound on the work in flight is reached; it was not done.</summary>
    Busy = 0x85,

    /// <summary>It was not done, and may be sent again.</summary>
    Unavailable = 0x86,
}
