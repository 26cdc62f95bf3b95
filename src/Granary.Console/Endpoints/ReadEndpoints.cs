using System.Security.Claims;
using Granary.Administration;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Administration.State;
using Granary.Console.Audit;
using Granary.Console.Watching;
using Granary.Queues;
using Granary.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Granary.Console.Endpoints;

/// <summary>What the page reads.</summary>
internal static class ReadEndpoints
{
    private const int MaxAudit = 200;
    private const int DefaultPage = 20;

    /// <summary>Adds them.</summary>
    /// <param name="group">Below which path, for whom.</param>
    /// <param name="options">Who is who.</param>
    public static void Map(RouteGroupBuilder group, ConsoleOptions options)
    {
        group.MapGet("/me", (ClaimsPrincipal user) => Results.Json(VisitorOf(user, options), ConsoleJson.Default.Visitor));
        group.MapGet("/events", Watch);
        group.MapGet("/history", async (ClusterReader reader, CancellationToken cancellationToken) => Results.Json(
            ClusterHistory.Of(await reader.ReadAsync(ReportParts.History, cancellationToken)),
            AdministrationJson.Default.ClusterHistory));
        group.MapGet("/audit", AuditAsync);
        group.MapGet("/queues/detail", DetailAsync);
        group.MapGet("/queues/messages", (
            string queue, string state, string? from, int? max, QueueReader reader, CancellationToken cancellationToken) =>
            MessagesAsync(queue, MessageStates.Read(state), from, max ?? DefaultPage, reader, cancellationToken));
    }

    private static Visitor VisitorOf(ClaimsPrincipal user, ConsoleOptions options) => new(
        options.IsOpen ? ConsoleOptions.Nobody : user.Identity?.Name ?? ConsoleOptions.Nobody,
        options.IsOpen || user.IsInRole(options.OperatorRole) ? "operator" : "viewer",
        options.IsOpen,
        options.SiloName,
        options.Version,
        new VisitorLinks(options.DashboardPath, options.IsOpen ? null : options.LogoutPath));

    private static IResult Watch(ClusterWatch watch, IHostApplicationLifetime lifetime, HttpContext context)
    {
        // Of no use to anybody when the silo stops, and the web server would wait for it.
        var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ending);
        return watch.Watch(ending.Token) is { } events
            ? TypedResults.ServerSentEvents(events)
            : Results.Text($"{ClusterWatch.MaxViewers} pages are open at this silo; look through another one.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> AuditAsync(ClusterReader reader, CancellationToken cancellationToken)
    {
        ClusterReading reading = await reader.ReadAsync(ReportParts.Audit, cancellationToken);
        return Results.Json(
            new AuditPage([
                .. reading.Silos
                    .SelectMany(static silo => (silo.Report?.Audit ?? []).Select(entry => AuditLine.Of(silo.Silo.Name, entry)))
                    .OrderByDescending(static line => line.At)
                    .Take(MaxAudit),
            ]),
            ConsoleJson.Default.AuditPage);
    }

    private static async Task<IResult> DetailAsync(
        string queue, ClusterReader cluster, QueueReader reader, CancellationToken cancellationToken)
    {
        ClusterReading reading = await cluster.ReadAsync(ReportParts.Queues, cancellationToken);
        return await reader.FindAsync(queue, reading, cancellationToken) is { } detail
            ? Results.Json(detail, AdministrationJson.Default.QueueDetail)
            : Results.Json(
                new ActionRefused($"There is no queue '{queue}'."),
                ConsoleJson.Default.ActionRefused,
                statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> MessagesAsync(
        string queue, MessageState state, string? from, int max, QueueReader reader, CancellationToken cancellationToken) =>
        Results.Json(await reader.PeekAsync(queue, state, from, max, cancellationToken), AdministrationJson.Default.MessagePage);
}
