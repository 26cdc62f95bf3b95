// The binary protocol of memcached, as memcached 1.6.18 speaks it (its document is silent on what is done with wrong
// requests). Deprecated there since 1.6.0, and still what many clients are set to.
//
// A request is header, extras, key, value. The parser takes the first three off the buffer; the value is not its business,
// because large ones are streamed. It keeps no state. All that is wrong with a request is in its header, so that a wrong
// one is rejected before its body has come: what is waited for is never longer than the extras and the key of a right one.
//
// Nothing here throws or allocates, whatever the bytes.
using System.Buffers;

namespace Granary.Memcached.Protocol.Binary;

/// <summary>Reads binary requests. Pure; safe on any thread.</summary>
internal static class BinaryParser
{
    private const int StoreExtrasLength = 8; // flags(4) expiration(4)
    private const int CountExtrasLength = 20; // delta(8) initial(8) expiration(4)
    private const int TouchExtrasLength = 4; // expiration(4)
    private const int FlushExtrasLength = 4; // delay(4), or none

    /// <summary>Reads the request that <paramref name="buffer"/> begins with.</summary>
    /// <param name="buffer">What the client sent and nobody has consumed yet.</param>
    /// <param name="request">The request, or why it was rejected.</param>
    /// <param name="consumed">Bytes of header, extras and key; of a rejected one of the header. 0 if more data is needed.</param>
    /// <returns>Done; NeedMoreData; InvalidData: rejected. Then the server must answer <see cref="BinaryRequest.Error"/>, skip
    /// <see cref="BinaryRequest.SwallowBytes"/>, and close the connection if <see cref="BinaryRequest.Closes"/> says
    /// so.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> buffer, out BinaryRequest request, out int consumed)
    {
        consumed = 0;
        request = default;
        if (!buffer.IsEmpty && buffer[0] != BinaryHeader.RequestMagic)
        {
            consumed = buffer.Length;
            request.Closes = true;
            return OperationStatus.InvalidData;
        }

        if (buffer.Length < BinaryHeader.Length)
        {
            return OperationStatus.NeedMoreData;
        }

        BinaryHeader header = BinaryHeader.Read(buffer);
        request.Header = header;
        request.Command = header.Command;
        if (IsWrong(ref request))
        {
            consumed = BinaryHeader.Length;
            return OperationStatus.InvalidData;
        }

        if (buffer.Length < header.HeadLength)
        {
            return OperationStatus.NeedMoreData;
        }

        consumed = header.HeadLength;
        request.Extras = buffer.Slice(BinaryHeader.Length, header.ExtrasLength);
        request.Key = buffer[(BinaryHeader.Length + header.ExtrasLength)..consumed];
        return OperationStatus.Done;
    }

    /// <summary>Reads the value of a request.</summary>
    /// <param name="buffer">What the request was read from.</param>
    /// <param name="request">The request.</param>
    /// <param name="consumed">Bytes of it without the value, and then with it; 0 if more data is needed.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> if more data is needed.</returns>
    public static bool TryReadValue(
        ReadOnlySpan<byte> buffer, in BinaryRequest request, ref int consumed, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = buffer[consumed..];
        if (rest.Length < request.ValueLength)
        {
            value = default;
            consumed = 0;
            return false;
        }

        value = rest[..(int)request.ValueLength];
        consumed += value.Length;
        return true;
    }

    private static bool IsWrong(ref BinaryRequest request)
    {
        BinaryHeader header = request.Header;
        if (!header.IsPossible)
        {
            request.Error = BinaryStatus.UnknownCommand; // memcached's word for it
            request.Closes = true;
        }
        else if (header.KeyLength > ProtocolLimits.MaxKeyLength)
        {
            request.Error = BinaryStatus.InvalidArguments;
            request.Closes = true;
        }
        else if (!IsKnown(request.Command))
        {
            request.Error = BinaryStatus.UnknownCommand;
            request.SwallowBytes = header.BodyLength;
        }
        else if (!HasItsLengths(header, request.Command))
        {
            request.Error = BinaryStatus.InvalidArguments;
            request.Closes = true;
        }

        return request.Error != BinaryStatus.Success;
    }

    // Verbosity, 0x1B, is in the document and not in memcached.
    private static bool IsKnown(BinaryOpcode command) => command
        is (>= BinaryOpcode.Get and <= BinaryOpcode.Stat)
        or BinaryOpcode.Touch or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch
        or (>= BinaryOpcode.SaslMechanisms and <= BinaryOpcode.SaslStep);

    // memcached reads a value behind stat, touch and gat as the next request: no client can mean that. It takes more for
    // user and password than either could be.
    private static bool HasItsLengths(in BinaryHeader header, BinaryOpcode command)
    {
        int extras = header.ExtrasLength;
        bool hasKey = header.KeyLength > 0;
        bool hasValue = header.ValueLength > 0;
        return command switch
        {
            BinaryOpcode.Get or BinaryOpcode.GetKey or BinaryOpcode.Delete => extras == 0 && hasKey && !hasValue,
            BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace => extras == StoreExtrasLength && hasKey,
            BinaryOpcode.Append or BinaryOpcode.Prepend => extras == 0 && hasKey,
            BinaryOpcode.Increment or BinaryOpcode.Decrement => extras == CountExtrasLength && hasKey && !hasValue,
            BinaryOpcode.Touch or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch =>
                extras == TouchExtrasLength && hasKey && !hasValue,
            BinaryOpcode.Flush => extras is 0 or FlushExtrasLength && !hasKey && !hasValue,
            BinaryOpcode.Stat => extras == 0 && !hasValue,
            BinaryOpcode.SaslAuthenticate or BinaryOpcode.SaslStep => extras == 0 && hasKey
                && header.ValueLength <= ProtocolLimits.MaxAuthenticationTokenLength,
            _ => header.BodyLength == 0,
        };
    }
}
