using Granary.Memcached.Protocol.Binary;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Tells of binary requests.</summary>
internal static class BinaryLog
{
    /// <summary>Tells what a request has done.</summary>
    public static void Tell(CommandLog log, in BinaryRequest request, CacheStatus status)
    {
        switch (request.Command)
        {
            case BinaryOpcode.Get or BinaryOpcode.GetKey or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch
                or BinaryOpcode.Touch: // in memcached, too, though not of text
                log.Read(request.Key, status);
                break;
            case BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace or BinaryOpcode.Append or BinaryOpcode.Prepend:
                log.Stored(request.Key);
                break;
            case BinaryOpcode.Delete:
                log.Deleted(request.Key);
                break;
            default: // memcached tells of no others
                break;
        }
    }
}
