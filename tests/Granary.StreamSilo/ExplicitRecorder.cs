using Orleans.Streams;

namespace Granary.StreamSilo;

internal sealed class ExplicitRecorder : Grain, IExplicitRecorder
{
    public const string Namespace = "explicit";
    public const string Provider = "check";

    private IAsyncStream<int> Stream => this.GetStreamProvider(Provider)
        .GetStream<int>(StreamId.Create(Namespace, this.GetPrimaryKeyString().Split('|')[1]));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (StreamSubscriptionHandle<int> handle in await Stream.GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(HaveAsync);
        }
    }

    public async Task SubscribeAsync()
    {
        if ((await Stream.GetAllSubscriptionHandles()).Count == 0) // a call whose answer was lost is made again
        {
            await Stream.SubscribeAsync(HaveAsync);
        }
    }

    private Task HaveAsync(int number, StreamSequenceToken? token)
    {
        string[] names = this.GetPrimaryKeyString().Split('|');
        StreamReport.Have(names[0], names[1], number);
        return Task.CompletedTask;
    }
}
