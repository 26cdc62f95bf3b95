using Granary.Client;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion.Locking.Distributed;

namespace Granary.FusionCache;

/// <summary>FusionCache's locks as leases: of all processes one makes a value. Thread-safe.</summary>
/// <remarks>
/// A process that dies has its locks for the leases' lifetime. What it throws, while the cluster does not answer, FusionCache
/// logs, and makes the value without a lock.
/// </remarks>
internal sealed class GranaryDistributedLocker(IGranaryLeases leases, LeaseOptions options, TimeProvider time)
    : IFusionCacheDistributedLocker
{
    public object? AcquireLock(
        string cacheName,
        string cacheInstanceId,
        string operationId,
        string key,
        string lockName,
        TimeSpan timeout,
        ILogger? logger,
        CancellationToken token) => AcquireAsync(lockName, timeout, token).GetAwaiter().GetResult();

    public ValueTask<object?> AcquireLockAsync(
        string cacheName,
        string cacheInstanceId,
        string operationId,
        string key,
        string lockName,
        TimeSpan timeout,
        ILogger? logger,
        CancellationToken token) => new(AcquireAsync(lockName, timeout, token));

    public void ReleaseLock(
        string cacheName,
        string cacheInstanceId,
        string operationId,
        string key,
        string lockName,
        object? lockObj,
        ILogger? logger,
        CancellationToken token) => ReleaseAsync(lockObj).AsTask().GetAwaiter().GetResult();

    public ValueTask ReleaseLockAsync(
        string cacheName,
        string cacheInstanceId,
        string operationId,
        string key,
        string lockName,
        object? lockObj,
        ILogger? logger,
        CancellationToken token) => ReleaseAsync(lockObj);

    private static ValueTask ReleaseAsync(object? lease) => ((GranaryLease?)lease)?.DisposeAsync() ?? default;

    // Nothing if somebody has it all the time.
    private async Task<object?> AcquireAsync(string name, TimeSpan timeout, CancellationToken token)
    {
        if (timeout == TimeSpan.Zero)
        {
            return await leases.TryAcquireAsync(name, options, token).ConfigureAwait(false);
        }

        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        try
        {
            return await leases.AcquireAsync(name, options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }
}
