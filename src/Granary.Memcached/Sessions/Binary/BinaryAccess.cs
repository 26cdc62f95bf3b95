using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>The binary requests of a user who is confined to namespaces: what is not here is refused.</summary>
internal static class BinaryAccess
{
    public static bool Allows(KeyAccess access, in BinaryRequest request) => request.Command switch
    {
        BinaryOpcode.Get or BinaryOpcode.GetKey => access.MayRead(request.Key),
        BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch or BinaryOpcode.Touch
            or BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace or BinaryOpcode.Append or BinaryOpcode.Prepend
            or BinaryOpcode.Delete or BinaryOpcode.Increment or BinaryOpcode.Decrement => access.MayWrite(request.Key),
        BinaryOpcode.Flush => BinaryOperations.FlushSecondsOf(request) == 0 && access.Writable.Count > 0,
        BinaryOpcode.Stat => TextAccess.IsOpenSection(request.Key),
        BinaryOpcode.SaslMechanisms or BinaryOpcode.SaslAuthenticate or BinaryOpcode.SaslStep
            or BinaryOpcode.Version or BinaryOpcode.NoOp or BinaryOpcode.Quit => true,
        _ => false,
    };
}
