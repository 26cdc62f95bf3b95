namespace Granary.Memcached.Protocol.Binary;

/// <summary>
/// One binary request without its value, understood or rejected. Its spans point into the parsed buffer.
/// </summary>
internal ref struct BinaryRequest
{
    public BinaryHeader Header { get; set; }

    /// <summary>What is asked for; whether quietly, the header says.</summary>
    public BinaryOpcode Command { get; set; }

    /// <summary>Flags, delta, initial value, expiration: as many bytes as the command has.</summary>
    public ReadOnlySpan<byte> Extras { get; set; }

    /// <summary>The key, at most 250 bytes, of any values; empty if the command has none.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>Why it was rejected. <see cref="BinaryStatus.Success"/> with <see cref="Closes"/>: close without a byte.</summary>
    public BinaryStatus Error { get; set; }

    /// <summary>Bytes to skip after a rejected request.</summary>
    public long SwallowBytes { get; set; }

    /// <summary>The connection must be closed once earlier replies and the error, if there is one, are sent.</summary>
    public bool Closes { get; set; }

    /// <summary>Bytes of the value, which follows.</summary>
    public readonly uint ValueLength => Header.ValueLength;

    /// <summary>Whether it is answered with an entry's value.</summary>
    public readonly bool IsGet => Command is BinaryOpcode.Get or BinaryOpcode.GetKey
        or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch;

    /// <summary>Whether it gives an entry another expiration.</summary>
    public readonly bool IsTouch => Command is BinaryOpcode.Touch
        or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch;

    /// <summary>Whether the reply has the key.</summary>
    public readonly bool WantsKey => Command is BinaryOpcode.GetKey or BinaryOpcode.GetKeyAndTouch;
}
