using System.Buffers.Binary;
using Granary.Memcached.Protocol.Binary;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>What a binary request asks for, as silos say it to each other.</summary>
internal static class BinaryOperations
{
    // As the expiration of a count: an absent key is not created.
    private const uint DoNotCreate = uint.MaxValue;

    /// <summary>The operation; its value is not in it.</summary>
    public static PackedOperation From(in BinaryRequest request) => request.Command switch
    {
        BinaryOpcode.Get or BinaryOpcode.GetKey => new PackedOperation
        {
            Operation = CacheOperation.Get,
            Key = request.Key,
        },
        // Touch as well: its reply has flags and cas, which another silo tells with the value.
        BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch or BinaryOpcode.Touch => new PackedOperation
        {
            Operation = CacheOperation.GetAndTouch,
            Key = request.Key,
            Expiration = TouchOf(request).Raw,
        },
        BinaryOpcode.Delete => new PackedOperation
        {
            Operation = CacheOperation.DeleteWith,
            Key = request.Key,
            Options = new OperationOptions
            {
                Bits = request.Header.Cas == 0 ? OperationBits.None : OperationBits.Compares,
                Compare = request.Header.Cas,
            },
        },
        BinaryOpcode.Increment or BinaryOpcode.Decrement => CountOf(request),
        _ => StoreOf(request),
    };

    /// <summary>The expiration that a touch or a get with a touch gives.</summary>
    public static Expiration TouchOf(in BinaryRequest request) => ExpirationAt(request.Extras);

    /// <summary>When a flush takes effect, as the client says it. Seconds.</summary>
    public static long FlushSecondsOf(in BinaryRequest request) =>
        request.Extras.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(request.Extras);

    // [flags(4) expiration(4)]: append and prepend have none.
    private static PackedOperation StoreOf(in BinaryRequest request)
    {
        bool hasExtras = !request.Extras.IsEmpty;
        return new PackedOperation
        {
            Operation = CacheOperation.PutWith,
            Key = request.Key,
            Flags = hasExtras ? BinaryPrimitives.ReadUInt32BigEndian(request.Extras) : 0,
            Expiration = hasExtras ? ExpirationAt(request.Extras[sizeof(uint)..]).Raw : 0,
            Options = new OperationOptions { Mode = ModeOf(request), Compare = request.Header.Cas },
        };
    }

    // delta(8) initial(8) expiration(4)
    private static PackedOperation CountOf(in BinaryRequest request)
    {
        ReadOnlySpan<byte> extras = request.Extras;
        ReadOnlySpan<byte> creation = extras[(2 * sizeof(ulong))..];
        bool creates = BinaryPrimitives.ReadUInt32BigEndian(creation) != DoNotCreate;
        OperationBits bits = request.Command == BinaryOpcode.Decrement ? OperationBits.IsNegative : OperationBits.None;
        return new PackedOperation
        {
            Operation = CacheOperation.CountWith,
            Key = request.Key,
            Number = BinaryPrimitives.ReadUInt64BigEndian(extras),
            Options = new OperationOptions
            {
                Bits = bits | (creates ? OperationBits.Creates : OperationBits.None),
                Compare = request.Header.Cas,
                Creation = creates ? ExpirationAt(creation).Raw : 0,
                Initial = BinaryPrimitives.ReadUInt64BigEndian(extras[sizeof(ulong)..]),
            },
        };
    }

    // An add with a cas is a compare-and-set as well, as in memcached.
    private static CacheOperation ModeOf(in BinaryRequest request) => request.Command switch
    {
        BinaryOpcode.Append => CacheOperation.Append,
        BinaryOpcode.Prepend => CacheOperation.Prepend,
        _ when request.Header.Cas != 0 => CacheOperation.CompareAndSet,
        BinaryOpcode.Add => CacheOperation.Add,
        BinaryOpcode.Replace => CacheOperation.Replace,
        _ => CacheOperation.Set,
    };

    // Without a sign, so that no time is negative.
    private static Expiration ExpirationAt(ReadOnlySpan<byte> bytes) =>
        Expirations.From(BinaryPrimitives.ReadUInt32BigEndian(bytes));
}
