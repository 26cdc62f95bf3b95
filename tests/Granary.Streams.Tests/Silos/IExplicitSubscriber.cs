namespace Granary.Streams.Tests.Silos;

internal interface IExplicitSubscriber : IGrainWithStringKey
{
    Task SubscribeAsync(string provider, StreamId stream);

    Task UnsubscribeAsync();

    Task DeactivateAsync();
}
