using Orleans.Streams;
using Orleans.Streams.Core;

namespace Granary.Streams.Tests.Silos;

[ImplicitStreamSubscription(Namespace)]
internal sealed class ImplicitSubscriber : Grain, IImplicitSubscriber, IStreamSubscriptionObserver
{
    public const string Namespace = "implicit";

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        await handleFactory.Create<int>().ResumeAsync((value, _) =>
            Seen.HaveAsync(this.GetPrimaryKeyString(), Namespace, value));

    public Task MoveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
