using Granary.Client.Connecting;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Granary.Client.Tests;

public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_OfAClusterThatAnswers_IsHealthyAndCountsItsSilos()
    {
        using var cluster = new FakeCluster(silos: 3);
        cluster.Map = FakeCluster.MapOf(1, cluster.Silos, draining: 1);

        HealthReportEntry entry = await CheckAsync(cluster, null);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal("3 silos, of which 1 leave.", entry.Description);
        Assert.Equal(3, entry.Data["silos"]);
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Check_OfAClusterThatDoesNot_IsWhatTheApplicationSays(HealthStatus? configured, HealthStatus expected)
    {
        using var cluster = new FakeCluster { BeforeMap = static () => throw new TimeoutException("nobody is there") };

        HealthReportEntry entry = await CheckAsync(cluster, configured);

        Assert.Equal(expected, entry.Status);
        Assert.Contains("nobody is there", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAClusterThatHangs_EndsByItsTimeout()
    {
        var never = new TaskCompletionSource();
        using var cluster = new FakeCluster { BeforeMap = () => never.Task };

        HealthReportEntry entry = await CheckAsync(cluster, null, TimeSpan.FromMilliseconds(50));

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        never.SetResult();
    }

    private static async Task<HealthReportEntry> CheckAsync(
        FakeCluster cluster, HealthStatus? failureStatus, TimeSpan? timeout = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IGranaryCluster>(new GranaryCluster(cluster.Maps));
        services.AddHealthChecks().AddGranary(failureStatus: failureStatus, timeout: timeout);
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        return report.Entries["granary"];
    }
}
