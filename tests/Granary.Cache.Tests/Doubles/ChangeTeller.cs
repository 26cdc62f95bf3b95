using Granary.Cache.Membership;
using Granary.Cache.Watching;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Doubles;

/// <summary>Tells of a store's changes as a silo does, but never that there are none; and a test how far it is heard.</summary>
internal sealed class ChangeTeller : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails

    private readonly SemaphoreSlim _asked = new(0);
    private readonly ChangeReader _reader;
    private TaskCompletionSource? _holding;

    public ChangeTeller(CacheStore store)
    {
        var stopped = new FakeTimeProvider();
        var lease = new ServingLease(store, stopped);
        lease.Renew(stopped.GetTimestamp());
        _reader = new ChangeReader(TestShards.Create(store, stopped), lease, stopped);
    }

    /// <summary>Returns when it is asked once more: what it has told before is heeded by then.</summary>
    public async Task WaitUntilAskedAsync() =>
        Assert.True(await _asked.WaitAsync(Deadline, TestContext.Current.CancellationToken), "Nobody has asked again.");

    /// <summary>Lets nothing be heard any more.</summary>
    public void Hold() => _holding = new TaskCompletionSource();

    public async ValueTask<WatchReply> WatchAsync(WatchRequest request)
    {
        ValueTask<WatchReply> reading = _reader.ReadAsync(request);
        _asked.Release();
        WatchReply reply = await reading;
        await (_holding?.Task ?? Task.CompletedTask);
        return reply;
    }

    public void Dispose() => _asked.Dispose();
}
