using Granary.Queues;
using Granary.Silo.Access;

namespace Granary.Silo.Hosting;

/// <summary>What an autoscaler of workers asks.</summary>
internal static class QueueEndpoints
{
    public const string DepthPath = "/queues/{name}/{subscription?}";

    /// <summary><see cref="DepthPath"/>: a <see cref="QueueDepth"/> as JSON, of any silo. Asking makes no queue.</summary>
    public static void MapQueueDepths(this WebApplication app) =>
        app.MapGet(DepthPath, ReadAsync).Restrict(app, AccessRole.Metrics);

    private static async Task<IResult> ReadAsync(string name, string? subscription, IGrainFactory grains)
    {
        try
        {
            string asked = subscription is null ? name : SubscriptionName.Of(name, subscription);
            SubscriptionName.Check(asked);
            QueueDefinition? queue = await grains.GetGrain<IQueueCatalogGrain>(0).FindAsync(name);
            if (queue is null)
            {
                return Refuse(StatusCodes.Status404NotFound, $"There is no queue '{name}' yet: its first use makes it.");
            }

            if (subscription is not null && queue.Find(subscription) is null)
            {
                return Refuse(StatusCodes.Status404NotFound, $"There is no subscription '{subscription}' of a topic '{name}'.");
            }

            return Results.Json(QueueDepth.Of(asked, await grains.GetGrain<IQueueGrain>(asked).GetStatisticsAsync()));
        }
        catch (ArgumentException exception)
        {
            return Refuse(StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (Exception exception) when (exception is GranaryException or OrleansException or TimeoutException)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
    }

    private static IResult Refuse(int status, string reason) => Results.Text($"{reason}\n", statusCode: status);
}
