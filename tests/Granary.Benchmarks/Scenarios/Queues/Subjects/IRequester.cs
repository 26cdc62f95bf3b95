namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>Asks, and waits for the reply. Any number may be under way at once.</summary>
internal interface IRequester : IAsyncDisposable
{
    Task<byte[]> RequestAsync(byte[] request, CancellationToken cancellationToken);
}
