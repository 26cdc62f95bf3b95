using Granary.Queues;

namespace Granary.Silo.Hosting;

/// <summary>What an autoscaler of workers asks.</summary>
internal static class QueueEndpoints
{
    public const string DepthPath = "/queues/{name}";

    /// <summary><see cref="DepthPath"/>: a <see cref="QueueDepth"/> as JSON, of any silo. Asking makes no queue.</summary>
    public static void MapQueueDepths(this WebApplication app) => app.MapGet(DepthPath, ReadAsync);

    private static async Task<IResult> ReadAsync(string name, IGrainFactory grains)
    {
        try
        {
            return await grains.GetGrain<IQueueCatalogGrain>(0).FindAsync(name) is null
                ? Refuse(StatusCodes.Status404NotFound, $"There is no queue '{name}' yet: its first use makes it.")
                : Results.Json(QueueDepth.Of(name, await grains.GetGrain<IQueueGrain>(name).GetStatisticsAsync()));
        }
        catch (Exception exception) when (exception is GranaryException or OrleansException or TimeoutException)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
    }

    private static IResult Refuse(int status, string reason) => Results.Text($"{reason}\n", statusCode: status);
}
