using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace Granary.Client.Merging;

/// <summary>What a failed message says about its operations.</summary>
internal static class MessageFailure
{
    /// <summary>Whether the silo certainly did not execute the message.</summary>
    /// <remarks>
    /// <see cref="SiloUnavailableException"/> is a rejection by its base class, but Orleans also breaks calls with it
    /// that were sent, when their silo dies (CallbackData.OnTargetSiloFail).
    /// </remarks>
    public static bool IsNotApplied(Exception error) =>
        error is not SiloUnavailableException
            and (OrleansMessageRejectionException
                or GatewayTooBusyException
                or ConnectionFailedException
                or ClientNotAvailableException
                or SocketException { SocketErrorCode: SocketError.ConnectionRefused });
}
