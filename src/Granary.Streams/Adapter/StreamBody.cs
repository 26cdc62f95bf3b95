using System.Buffers;
using System.Buffers.Binary;
using Orleans.Serialization;

namespace Granary.Streams.Adapter;

// The length of the request context (4 bytes, little-endian; 0: none), the request context, the events. Apart, because the
// agent imports the one and passes the other on unread.

/// <summary>What one call of a producer sent, as the body of a message. Thread-safe.</summary>
internal sealed class StreamBody(Serializer<List<object?>> events, Serializer<Dictionary<string, object>> contexts)
{
    private const int PrefixBytes = sizeof(int);

    public ReadOnlyMemory<byte> Pack(List<object?> sent, Dictionary<string, object>? context)
    {
        byte[] packedContext = context is { Count: > 0 } ? contexts.SerializeToArray(context) : [];
        ArrayBufferWriter<byte> body = new();
        BinaryPrimitives.WriteInt32LittleEndian(body.GetSpan(PrefixBytes), packedContext.Length);
        body.Advance(PrefixBytes);
        body.Write(packedContext);
        events.Serialize(sent, body);
        return body.WrittenMemory;
    }

    public List<object?> Events(ReadOnlyMemory<byte> body) =>
        events.Deserialize(body[(PrefixBytes + ContextLength(body))..])!;

    /// <summary>Null: there is none.</summary>
    public Dictionary<string, object>? Context(ReadOnlyMemory<byte> body)
    {
        int length = body.IsEmpty ? 0 : ContextLength(body);
        return length == 0 ? null : contexts.Deserialize(body.Slice(PrefixBytes, length));
    }

    private static int ContextLength(ReadOnlyMemory<byte> body) => BinaryPrimitives.ReadInt32LittleEndian(body.Span);
}
