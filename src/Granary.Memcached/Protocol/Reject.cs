using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>Fills in a rejected command.</summary>
internal static class Reject
{
    /// <summary>Rejects one line; the connection goes on.</summary>
    /// <param name="command">Receives the rejection and nothing else.</param>
    /// <param name="verb">What the line asked for.</param>
    /// <param name="error">What to answer.</param>
    /// <param name="noReply">Do not answer it.</param>
    /// <param name="swallowBytes">Bytes of the data block to skip, CR LF included.</param>
    /// <returns>Always <see cref="OperationStatus.InvalidData"/>.</returns>
    public static OperationStatus Line(
        out Command command, Verb verb, ProtocolError error, bool noReply = false, int swallowBytes = 0)
    {
        command = new Command { Verb = verb, Error = error, NoReply = noReply, SwallowBytes = swallowBytes };
        return OperationStatus.InvalidData;
    }

    /// <summary>Rejects the line and what may follow it: the connection is to be closed.</summary>
    /// <param name="command">Receives the rejection and nothing else.</param>
    /// <param name="error">What to answer first; <see cref="ProtocolError.None"/> closes without a byte.</param>
    /// <returns>Always <see cref="OperationStatus.InvalidData"/>.</returns>
    public static OperationStatus Connection(out Command command, ProtocolError error)
    {
        command = new Command { Error = error, Close = true };
        return OperationStatus.InvalidData;
    }
}
