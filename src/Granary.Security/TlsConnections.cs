using Granary.Security.Certificates;
using Granary.Security.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Granary.Security;

/// <summary>Puts TLS under the connections of a silo or of a .NET client.</summary>
internal static class TlsConnections
{
    /// <summary>Adds the credentials and what the connections need of them.</summary>
    /// <exception cref="GranaryException">When they are first asked for: a file cannot be read.</exception>
    public static void AddGranaryTls(this IServiceCollection services, PeerRole own, Func<IServiceProvider, TlsFiles> files)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TlsCredentials(
            files(provider), own, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TlsCredentials>>()));
        services.TryAddSingleton<TlsMeter>();
    }

    /// <summary>For connections that others make: nobody is let in who has no certificate for the role.</summary>
    public static void UseInboundTls(this IConnectionBuilder connection, PeerRole peer) => connection.UseMiddleware(
        ActivatorUtilities.CreateInstance<InboundTls>(connection.ApplicationServices, peer));

    /// <summary>For connections that this process makes: to silos, and to nobody who is none.</summary>
    public static void UseOutboundTls(this IConnectionBuilder connection) => connection.UseMiddleware(
        ActivatorUtilities.CreateInstance<OutboundTls>(connection.ApplicationServices));
}
