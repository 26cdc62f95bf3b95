using Orleans.Dashboard;

namespace Granary.Silo.Hosting;

/// <summary>
/// Orleans' dashboard, mapped when somebody looks at it: to map it is to compress its 17 MB of pages, which was half a second
/// of each start, and to keep them in memory.
/// </summary>
internal static class LateDashboard
{
    /// <summary>Adds one endpoint for all below a path. It decides who is let in; the dashboard's own ask nobody.</summary>
    public static void MapDashboard(this WebApplication app, string path)
    {
        var pages = new Lazy<RequestDelegate>(() => Build(app.Services, path));
        app.Map($"{path}/{{**page}}", context =>
        {
            context.SetEndpoint(null); // or the dashboard's routing would keep it
            return pages.Value(context);
        });
    }

    private static RequestDelegate Build(IServiceProvider services, string path)
    {
        var pages = new ApplicationBuilder(services);
        pages.UseRouting();
        pages.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(path));
        return pages.Build();
    }
}
