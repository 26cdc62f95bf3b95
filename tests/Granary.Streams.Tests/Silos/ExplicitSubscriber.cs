using Orleans.Streams;

namespace Granary.Streams.Tests.Silos;

// Its key: the providers and the stream, so that it can resume.
internal sealed class ExplicitSubscriber : Grain, IExplicitSubscriber
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (StreamSubscriptionHandle<int> handle in await HandlesAsync())
        {
            await handle.ResumeAsync(HaveAsync);
        }
    }

    public Task SubscribeAsync(string provider, StreamId stream) =>
        this.GetStreamProvider(provider).GetStream<int>(stream).SubscribeAsync(HaveAsync);

    public async Task UnsubscribeAsync()
    {
        foreach (StreamSubscriptionHandle<int> handle in await HandlesAsync())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private string StreamKey => this.GetPrimaryKeyString().Split('|')[1];

    private Task<IList<StreamSubscriptionHandle<int>>> HandlesAsync()
    {
        string provider = this.GetPrimaryKeyString().Split('|')[0];
        return this.GetStreamProvider(provider)
            .GetStream<int>(StreamId.Create("explicit", StreamKey))
            .GetAllSubscriptionHandles();
    }

    private Task HaveAsync(int value, StreamSequenceToken? token) =>
        Seen.HaveAsync(StreamKey, this.GetPrimaryKeyString().Split('|')[2], value);
}
