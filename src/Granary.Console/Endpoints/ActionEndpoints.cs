using System.Security.Claims;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Console.Audit;
using Granary.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Granary.Console.Endpoints;

/// <summary>What operators do. Each action is in the audit log, whatever became of it.</summary>
internal static class ActionEndpoints
{
    /// <summary>Adds them.</summary>
    /// <param name="group">Below which path, for whom.</param>
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/queues/redrive", (QueueAction action, QueueReader reader, AuditLog audit, ClaimsPrincipal user) =>
            RunAsync(
                audit,
                user,
                "redrive",
                action.Queue,
                action.Position ?? "dead letters",
                () => reader.RedriveAsync(action.Queue, action.Position, action.Max, CancellationToken.None),
                action.Position is null ? Math.Clamp(action.Max, 1, QueueReader.MaxAction) : null));
        group.MapPost("/queues/purge", (QueueAction action, QueueReader reader, AuditLog audit, ClaimsPrincipal user) =>
            RunAsync(
                audit,
                user,
                "purge",
                action.Queue,
                action.Position ?? $"{action.State} messages",
                () => reader.PurgeAsync(
                    action.Queue, MessageStates.Read(action.State), action.Position, action.Max, CancellationToken.None),
                action.Position is null ? Math.Clamp(action.Max, 1, QueueReader.MaxAction) : null));
        group.MapPost("/queues/pause", (QueueAction action, QueueReader reader, AuditLog audit, ClaimsPrincipal user) =>
            RunAsync(audit, user, "pause", action.Queue, "receivers get nothing", () => PauseAsync(reader, action.Queue, true)));
        group.MapPost("/queues/resume", (QueueAction action, QueueReader reader, AuditLog audit, ClaimsPrincipal user) =>
            RunAsync(audit, user, "resume", action.Queue, "receivers get messages", () => PauseAsync(reader, action.Queue, false)));
        group.MapPost("/silos/drain", (DrainAction action, ClusterReader cluster, AuditLog audit, ClaimsPrincipal user) =>
            RunAsync(audit, user, "drain", action.Silo, "it hands over its shards, and ends", async () =>
            {
                await cluster.DrainAsync(action.Silo, CancellationToken.None);
                return 1;
            }));
    }

    private static async Task<int> PauseAsync(QueueReader reader, string queue, bool isPaused)
    {
        await reader.SetPausedAsync(queue, isPaused, CancellationToken.None);
        return 1;
    }

    // Who goes away meanwhile does not stop it, and it is in the log as well. Max: of an action on many, which may have
    // left some.
    private static async Task<IResult> RunAsync(
        AuditLog audit, ClaimsPrincipal user, string action, string about, string detail, Func<Task<int>> act, int? max = null)
    {
        string who = user.Identity?.Name ?? ConsoleOptions.Nobody;
        try
        {
            int count = await act();
            audit.Add(who, action, about, max is null ? detail : $"{count} {detail}", AuditOutcome.Done);
            return Results.Json(new ActionDone(count, count > 0 && count == max), ConsoleJson.Default.ActionDone);
        }
        catch (Exception exception) when (exception is ArgumentException or GranaryException or OrleansException or TimeoutException)
        {
            bool isRefused = exception is ArgumentException;
            audit.Add(who, action, about, detail, isRefused ? AuditOutcome.Refused : AuditOutcome.Failed, exception.Message);
            return Failures.Answer(exception);
        }
        catch (Exception exception) // nothing that was tried is missing in the log
        {
            audit.Add(who, action, about, detail, AuditOutcome.Failed, exception.Message);
            throw;
        }
    }
}
