using Granary.Client.Cache.Leases;

namespace Granary.Client;

/// <summary>A lease that this process holds, and renews until it is disposed of. Thread-safe.</summary>
public sealed class GranaryLease : IAsyncDisposable
{
    private readonly LeaseEntry _entry;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _lost;
    private readonly Task _renewing;
    private readonly Lock _disposing = new();
    private Task? _disposed;

    internal GranaryLease(string name, LeaseEntry entry, TimeProvider time)
    {
        Name = name;
        _entry = entry;
        _time = time;
        Token = entry.Cas;
        _lost = new CancellationTokenSource(entry.Remaining, time);
        Lost = _lost.Token;
        _renewing = RenewAsync();
    }

    /// <summary>What is leased.</summary>
    public string Name { get; }

    /// <summary>
    /// The fencing token: higher than that of every lease of this name before. Positive. It needs the silos' clocks only when
    /// all that was known of the name is lost.
    /// </summary>
    public ulong Token { get; }

    /// <summary>
    /// Cancelled when the lease may be another's: it could not be renewed in time, or is gone. Pass it to the work. Not
    /// cancelled by <see cref="DisposeAsync"/>.
    /// </summary>
    public CancellationToken Lost { get; }

    /// <summary>Gives the lease back, so that others have it at once. If that fails they wait for its lifetime.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_disposing)
        {
            return new ValueTask(_disposed ??= EndAsync());
        }
    }

    private async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        if (!_lost.IsCancellationRequested)
        {
            // Not longer than it is ours: then there is nothing to give back.
            using var patience = new CancellationTokenSource(_entry.Remaining, _time);
            await _entry.ReleaseAsync(patience.Token).ConfigureAwait(false);
        }

        _lost.Dispose();
        _ending.Dispose();
    }

    private async Task RenewAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, Lost);
        try
        {
            while (true)
            {
                await Task.Delay(_entry.UntilRenewal, _time, stopping.Token).ConfigureAwait(false);
                if (!await _entry.RenewAsync(stopping.Token).ConfigureAwait(false))
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }

                _lost.CancelAfter(_entry.Remaining);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of, or lost.
        }
    }
}
