using Granary.Client;
using Granary.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.ClientSample;

/// <summary>A host with a Granary client in it, as any application has one.</summary>
internal static class Connection
{
    public static async Task<IHost> OpenAsync(string silo, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical); // what fails is told by Program.cs
        builder.Logging.AddFilter("Granary.Client.Connecting", LogLevel.Warning); // but that no silo answers yet
        builder.Services.AddGranaryClient(silo);
        builder.Services.Configure<GranaryClientOptions>(Secure);
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>For silos that ask for a certificate: its folder is in the environment.</summary>
    public static void Secure(GranaryClientOptions options)
    {
        if (Environment.GetEnvironmentVariable("GRANARY_CREDENTIALS") is { Length: > 0 } folder)
        {
            options.Tls = TlsFiles.In(folder); // tls.crt, tls.key and ca.crt
        }
    }
}
