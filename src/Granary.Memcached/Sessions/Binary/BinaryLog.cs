using Granary.Memcached.Protocol.Binary;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Tells of binary requests.</summary>
internal static class BinaryLog
{
    /// <summary>Tells what a request has done.</summary>
    /// <param name="log">Who tells.</param>
    /// <param name="request">The request.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="length">Of the value that was read. Bytes.</param>
    public static void Tell(CommandLog log, in BinaryRequest request, CacheStatus status, int length)
    {
        switch (request.Command)
        {
            case BinaryOpcode.Get or BinaryOpcode.GetKey or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch
                or BinaryOpcode.Touch: // in memcached, too, though not of text
                log.Read(request.Key, status, length);
                break;
            case BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace or BinaryOpcode.Append or BinaryOpcode.Prepend:
                PackedOperation operation = BinaryOperations.From(request);
                log.Stored(
                    request.Key, operation.Options.Mode, status, new Expiration(operation.Expiration), request.ValueLength);
                break;
            case BinaryOpcode.Delete:
                log.Deleted(request.Key, status);
                break;
            default: // memcached tells of no others
                break;
        }
    }
}
