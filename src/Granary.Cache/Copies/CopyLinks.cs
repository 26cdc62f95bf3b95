using System.Collections.Concurrent;
using Granary.Cache.Membership;
using Granary.Shards;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Copies;

/// <summary>Carries copies to the other silos, one message under way to each.</summary>
internal sealed class CopyLinks(
    OutgoingCopies copies,
    ClusterView view,
    PeerReach reach,
    IHostApplicationLifetime host,
    TimeProvider time,
    ILogger<CopyLinks> logger)
{
    // How long a change may wait for others when nobody waits for its answer.
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<SiloAddress, CopyLink> _links = new();

    private sealed class CopyLink
    {
        private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Wake() => Volatile.Read(ref _wake).TrySetResult();

        public async Task WaitAsync(TimeSpan time, TimeProvider clock)
        {
            await Volatile.Read(ref _wake).Task.WaitAsync(time, clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Volatile.Write(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Starts links to silos that have none and are to get something.</summary>
    public void Follow()
    {
        foreach (SiloAddress target in copies.Targets)
        {
            var link = new CopyLink();
            if (_links.TryAdd(target, link))
            {
                _ = RunAsync(target, link);
            }
        }
    }

    /// <summary>Somebody waits for the answer to a change: it leaves at once.</summary>
    public void Wake()
    {
        foreach ((_, CopyLink link) in _links)
        {
            link.Wake();
        }
    }

    private async Task RunAsync(SiloAddress target, CopyLink link)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (view.Current.IsMember(target) && !host.ApplicationStopped.IsCancellationRequested)
        {
            if (copies.Next(target) is not { } batch)
            {
                await link.WaitAsync(IdleWait, time);
                continue;
            }

            CancellationToken way = reach.WayTo(target);
            try
            {
                ValueTask<CopyBatchReply> reply = view.ServiceOf(target).CopyAsync(batch);
                copies.Answered(target, await reply.AsTask().WaitAsync(way));
            }
            catch (OperationCanceledException) when (way.IsCancellationRequested)
            {
                // The target is cut off: the same message at once, through another silo.
            }
            catch (Exception exception) // the edge: the same message again, until the silo answers or has left
            {
                logger.CopyFailed(target, exception);
                await Task.Delay(RetryDelay, time);
            }
        }

        _links.TryRemove(target, out _);
    }
}
