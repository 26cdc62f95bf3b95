namespace Granary.Streams.Tests.Silos;

internal interface IImplicitSubscriber : IGrainWithStringKey
{
    Task MoveAsync();
}
