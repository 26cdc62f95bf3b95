using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Granary.Clustering.PostgreSql;

/// <summary>
/// Has the cluster store's tables ready before Orleans asks for the membership. A database that is only just starting is
/// waited for, a limited time; one that refuses is not.
/// </summary>
internal sealed class StoreStart(
    ClusterStore store, StoreSchema schema, TimeSpan timeout, TimeProvider time, ILogger<StoreStart> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreStart), ServiceLifecycleStage.RuntimeInitialize, PrepareAsync);

    /// <exception cref="GranaryException">The database refuses, or did not answer in time.</exception>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        for (int failures = 0; ; failures++)
        {
            try
            {
                await schema.ApplyAsync(cancellationToken);
                return;
            }
            catch (Exception error) when (error is DbException or SocketException or TimeoutException)
            {
                string reason = error.GetBaseException().Message;
                if (error is DbException { IsTransient: false })
                {
                    throw new GranaryException(
                        $"The cluster store (--cluster-store), {store.Name}, refuses: {reason}", error);
                }

                if (time.GetElapsedTime(began) + Pause > timeout)
                {
                    throw new GranaryException(
                        $"The cluster store (--cluster-store), {store.Name}, does not answer after "
                        + $"{timeout.TotalSeconds:0} s and {failures + 1} attempts: {reason}",
                        error);
                }

                if (failures == 0)
                {
                    logger.WaitingForStore(store.Name, reason);
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
