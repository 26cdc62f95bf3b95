namespace Granary.Streams.Tests.Silos;

/// <summary>A silo that tests share; each has streams of its own.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    internal TestSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silo = await TestSilo.StartAsync(configure: Configure);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    internal static void Configure(GranaryStreamOptions options)
    {
        options.Partitions = 1; // so that streams meet
        options.Queue.RetryDelay = TimeSpan.FromMilliseconds(50);
        options.Queue.MaxDeliveryCount = 3;
    }
}
