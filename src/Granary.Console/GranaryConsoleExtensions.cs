using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Console.Audit;
using Granary.Console.Endpoints;
using Granary.Console.Watching;
using Granary.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Granary.Console;

/// <summary>Adds the console to a silo that serves HTTP.</summary>
public static class GranaryConsoleExtensions
{
    private const string DataPath = "/console";

    // A page of another site can have a form sent with the visitor's cookie, but not with a header of its own.
    private const string ActionHeader = "X-Granary-Console";

    /// <summary>Adds what it needs. The silo has an <see cref="IClusterMembers"/>.</summary>
    public static IServiceCollection AddGranaryConsole(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider =>
        {
            IClusterMembers members = provider.GetRequiredService<IClusterMembers>();
            return new ClusterReader(
                provider.GetRequiredService<IGrainFactory>(),
                silo => members.ServiceOf(silo.Address),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<QueueReader>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IReportSource>(static provider => provider.GetRequiredService<AuditLog>());
        services.AddSingleton<ClusterWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClusterWatch>());
        return services;
    }

    /// <summary>Adds its pages and what they ask for.</summary>
    /// <param name="endpoints">Of the silo.</param>
    /// <param name="options">What it has to know of the silo.</param>
    /// <returns>What only operators may do: for the silo to restrict. The rest is for viewers.</returns>
    public static IEndpointConventionBuilder MapGranaryConsole(this IEndpointRouteBuilder endpoints, ConsoleOptions options)
    {
        var files = new PageFiles();
        foreach (string path in files.Paths)
        {
            // A RequestDelegate: ASP.NET compiles other handlers, all of them when a silo is asked for the first time.
            endpoints.MapGet($"/{path}", context => files.SendAsync(path, context));
        }

        RouteGroupBuilder data = endpoints.MapGroup(DataPath);
        if (options.IsOpen)
        {
            data.AddEndpointFilter(OwnHost.FilterAsync);
        }

        RouteGroupBuilder reading = data.MapGroup(string.Empty);
        reading.AddEndpointFilter(Failures.FilterAsync);
        ReadEndpoints.Map(reading, options);
        RouteGroupBuilder acting = data.MapGroup(string.Empty);
        acting.AddEndpointFilter(static (context, next) => context.HttpContext.Request.Headers.ContainsKey(ActionHeader)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Text($"The header {ActionHeader} is missing.\n", statusCode: StatusCodes.Status400BadRequest)));
        ActionEndpoints.Map(acting);
        return acting;
    }
}
