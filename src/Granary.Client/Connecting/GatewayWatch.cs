using Granary.Client.Merging;
using Granary.Client.Routing;
using Microsoft.Extensions.Logging;

namespace Granary.Client.Connecting;

// A silo that is stopped, or cut off from this client, keeps its connection, and Orleans goes on sending every third call
// there, or fifth, which nobody answers. Each such call is tried again after seconds, and may go the same way again.

/// <summary>
/// Finds gateways that do not answer while others do, and has Orleans leave them alone for a while. Looks only when somebody
/// suspects one. Thread-safe.
/// </summary>
internal sealed class GatewayWatch(Router router, GatewayList gateways, TimeProvider time, ILogger<GatewayWatch> logger)
{
    // One that collects garbage, or whose machine is busy, answers in this time, or the next time.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    // Until Orleans has taken a gateway that is in the list again.
    private static readonly TimeSpan TakeTime = GatewayList.Period * 3;

    private int _isLooking;

    /// <summary>A call has not been answered for a while. Returns at once.</summary>
    public void Suspect()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            HashSet<SiloAddress> silentBefore = [];
            do
            {
                List<ServedSilo> silent = await AskAsync().ConfigureAwait(false);
                List<ServedSilo> resting = silent.FindAll(silo => silentBefore.Contains(silo.Address));
                silentBefore = [.. silent.Select(static silo => silo.Address)];
                if (resting.Count > 0)
                {
                    resting.ForEach(LeaveAlone);
                    await Task.Delay(Rest + TakeTime, time).ConfigureAwait(false);
                }
            }
            while (silentBefore.Count > 0);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    // None if nobody answers: then it is this client, or there is no better way.
    private async Task<List<ServedSilo>> AskAsync()
    {
        ServedSilo[] asked = [.. router.Table?.Map.Silos.Where(static silo => silo is { Service: { }, Gateway: { } }) ?? []];
        bool[] answers = await Task.WhenAll(asked.Select(AnswersAsync)).ConfigureAwait(false);
        return answers.Contains(true) ? [.. asked.Where((_, index) => !answers[index])] : [];
    }

    private async Task<bool> AnswersAsync(ServedSilo silo)
    {
        try
        {
            await silo.Service!.HearsAsync(silo.Address).AsTask().WaitAsync(AnswerTime, time).ConfigureAwait(false);
            return true;
        }
        catch (Exception) // the edge: one silo; whatever it is, calls do not come through
        {
            return false;
        }
    }

    private void LeaveAlone(ServedSilo silo)
    {
        Log.GatewaySilent(logger, silo.Name, Rest);
        gateways.Withhold(silo, Rest);
        foreach (SiloLink link in router.Table!.Links)
        {
            if (string.Equals(link.Name, silo.Name, StringComparison.Ordinal))
            {
                link.SuspectUntil = router.Deadlines.After(Rest + TakeTime);
                link.HandOver();
            }
        }
    }
}
