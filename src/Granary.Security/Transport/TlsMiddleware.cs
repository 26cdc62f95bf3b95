using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Security.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;

namespace Granary.Security.Transport;

/// <summary>TLS between a connection's socket and Orleans, which sees nothing of a connection that is not let in.</summary>
internal abstract class TlsMiddleware(
    TlsCredentials credentials, PeerRole peer, TimeProvider time, TlsMeter meter, ILogger logger) : IConnectionMiddleware
{
    /// <summary>Most time for a handshake; Orleans waits as long for a connection of its own.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    protected Credentials Credentials => credentials.Current;

    protected ILogger Logger => logger;

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        IDuplexPipe plain = context.Transport;
        await using var stream = new SslStream(new TransportStream(plain), leaveInnerStreamOpen: false);
        if (!await TryLetInAsync(stream, context).ConfigureAwait(false))
        {
            context.Abort();
            return;
        }

        try
        {
            context.Transport = new SecuredPipe(stream);
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Transport = plain;
        }
    }

    /// <summary>Counts a handshake that begins; <see langword="false"/> if there are too many.</summary>
    protected virtual bool TryBegin() => true;

    /// <summary>Counts one as ended, also one that there were too many for.</summary>
    protected virtual void End()
    {
    }

    protected abstract Task AuthenticateAsync(SslStream stream, CancellationToken cancellationToken);

    /// <summary>Says that the other end was not let in, or did not let this one in.</summary>
    protected abstract void Refused(ConnectionContext context, string reason);

    protected bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        PeerCheck.Accepts(certificate, errors, peer);

    private async Task<bool> TryLetInAsync(SslStream stream, ConnectionContext context)
    {
        using var deadline = new CancellationTokenSource(HandshakeTime, time);
        try
        {
            if (!TryBegin())
            {
                return Refuse(context, TlsMeter.TooMany, "too many handshakes are under way");
            }

            await AuthenticateAsync(stream, deadline.Token).ConfigureAwait(false);
            meter.Count(TlsMeter.Accepted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return deadline.IsCancellationRequested
                ? Refuse(context, TlsMeter.TimedOut, $"no handshake within {HandshakeTime.TotalSeconds} s")
                : Refuse(context, TlsMeter.Failed, "the connection was closed");
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or InvalidOperationException)
        {
            return Refuse(context, TlsMeter.Failed, exception.InnerException?.Message ?? exception.Message);
        }
        finally
        {
            End();
        }
    }

    private bool Refuse(ConnectionContext context, string result, string reason)
    {
        meter.Count(result);
        Refused(context, reason);
        return false;
    }
}
