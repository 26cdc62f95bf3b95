using Orleans.Streams;
using Orleans.Streams.Core;

namespace Granary.StreamSilo;

[ImplicitStreamSubscription(Namespace)]
internal sealed class ImplicitRecorder : Grain, IGrainWithStringKey, IStreamSubscriptionObserver
{
    public const string Namespace = "implicit";

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        await handleFactory.Create<int>().ResumeAsync((number, _) =>
        {
            StreamReport.Have(Namespace, this.GetPrimaryKeyString(), number);
            return Task.CompletedTask;
        });
}
