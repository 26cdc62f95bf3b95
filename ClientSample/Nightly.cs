using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample;

/// <summary>A lease: of all processes that are started, one does the work.</summary>
internal static class Nightly
{
    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        using IHost host = await Connection.OpenAsync(silo, cancellationToken);
        var leases = host.Services.GetRequiredService<IGranaryLeases>();

        await using GranaryLease? lease = await leases.TryAcquireAsync("nightly-report", cancellationToken: cancellationToken);
        if (lease is null)
        {
            Console.WriteLine("another process is at it");
            return 0;
        }

        using var work = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellationToken);
        await ReportAsync(lease.Token, work.Token);
        return 0;
    }

    // Where a report is kept, a token lower than one that was seen is refused: its process was paused, and lost the lease.
    private static async Task ReportAsync(ulong token, CancellationToken cancellationToken)
    {
        Console.WriteLine($"the report is written, with token {token}; start this once more meanwhile");
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        Console.WriteLine("the report is there");
    }
}
