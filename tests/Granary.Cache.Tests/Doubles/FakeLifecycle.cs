namespace Granary.Cache.Tests.Doubles;

/// <summary>A silo's start, for those who take part in it.</summary>
internal sealed class FakeLifecycle : ISiloLifecycle
{
    private readonly List<ILifecycleObserver> _observers = [];

    public int HighestCompletedStage => 0;

    public int LowestStoppedStage => 0;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        _observers.Add(observer);
        return new MemoryStream(); // nobody unsubscribes
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ILifecycleObserver observer in _observers)
        {
            await observer.OnStart(cancellationToken);
        }
    }
}
