using Granary.Cache;

namespace Granary.Silo.Hosting;

/// <summary>What an orchestrator asks, which shows no token.</summary>
internal static class HealthEndpoints
{
    public const string LivePath = "/health/live";
    public const string ReadyPath = "/health/ready";

    /// <summary>
    /// <see cref="LivePath"/>: the process answers, from when it has joined. <see cref="ReadyPath"/>: clients may be
    /// sent here (<see cref="LocalCache.IsReady"/>) and the memcached port accepts; else 503.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(LivePath, () => Results.Text("live\n")).AllowAnonymous();
        app.MapGet(ReadyPath, (LocalCache cache, IHostApplicationLifetime lifetime) => cache.IsReady
            && lifetime.ApplicationStarted.IsCancellationRequested
            && !lifetime.ApplicationStopping.IsCancellationRequested
                ? Results.Text("ready\n")
                : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
    }
}
