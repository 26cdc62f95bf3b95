using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Doubles;

/// <summary>A clock that the test advances, and that knows how often somebody has read the time.</summary>
internal sealed class ReadClock : FakeTimeProvider, IDisposable
{
    private readonly SemaphoreSlim _reads = new(0);

    /// <summary>Completes when the time was read once more.</summary>
    public async Task ReadAsync() => Assert.True(await _reads.WaitAsync(RemoteCall.Deadline), "Nobody has read the time.");

    public override DateTimeOffset GetUtcNow()
    {
        DateTimeOffset now = base.GetUtcNow();
        _reads.Release();
        return now;
    }

    public void Dispose() => _reads.Dispose();
}
