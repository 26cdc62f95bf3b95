using Granary.ClusterTests.Silos;
using k8s.Models;

namespace Granary.ClusterTests.Faults;

/// <summary>Asks a silo whether it is ready, as the kubelet does.</summary>
internal static class ReadinessProbe
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>Returns when the probe succeeds for the first time.</summary>
    public static async Task WaitAsync(SiloProcess silo, V1Probe probe)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1) };
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(probe.PeriodSeconds ?? 10));
        using var deadline = new CancellationTokenSource(Deadline);
        var address = new Uri($"http://{silo.Address}:{silo.Ports.Http}{probe.HttpGet.Path}");
        while (!await SucceedsAsync(http, address, deadline.Token))
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task<bool> SucceedsAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (
            error is HttpRequestException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
