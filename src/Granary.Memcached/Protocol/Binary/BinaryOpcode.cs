namespace Granary.Memcached.Protocol.Binary;

/// <summary>
/// What a binary request asks for; the numbers are the protocol's. A quiet one is answered only if the answer is not the
/// expected one: a get of its misses not, the others not of their successes.
/// </summary>
internal enum BinaryOpcode : byte
{
    Get = 0x00,
    Set = 0x01,
    Add = 0x02,
    Replace = 0x03,
    Delete = 0x04,
    Increment = 0x05,
    Decrement = 0x06,

    /// <summary>Close the connection once the earlier replies, and one to this, are sent.</summary>
    Quit = 0x07,

    Flush = 0x08,
    GetQuiet = 0x09,

    /// <summary>Is answered: what a client sends behind quiet ones to know that they are done.</summary>
    NoOp = 0x0A,

    Version = 0x0B,

    /// <summary>As get, and the reply has the key.</summary>
    GetKey = 0x0C,

    GetKeyQuiet = 0x0D,
    Append = 0x0E,
    Prepend = 0x0F,

    /// <summary>The key is the section.</summary>
    Stat = 0x10,

    SetQuiet = 0x11,
    AddQuiet = 0x12,
    ReplaceQuiet = 0x13,
    DeleteQuiet = 0x14,
    IncrementQuiet = 0x15,
    DecrementQuiet = 0x16,
    QuitQuiet = 0x17,
    FlushQuiet = 0x18,
    AppendQuiet = 0x19,
    PrependQuiet = 0x1A,
    Touch = 0x1C,
    GetAndTouch = 0x1D,
    GetAndTouchQuiet = 0x1E,
    SaslMechanisms = 0x20,

    /// <summary>The key is the mechanism, the value what the client says in it.</summary>
    SaslAuthenticate = 0x21,

    /// <summary>The value is what the client says next.</summary>
    SaslStep = 0x22,

    GetKeyAndTouch = 0x23,
    GetKeyAndTouchQuiet = 0x24,
}
