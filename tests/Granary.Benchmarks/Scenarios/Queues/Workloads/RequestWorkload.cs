using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W7: requests, and a responder that sends each back. What was answered was worked on once.</summary>
/// <param name="name">Of the workload.</param>
/// <param name="title">Of the workload.</param>
/// <param name="window">Requests under way.</param>
internal sealed class RequestWorkload(string name, string title, int window) : IQueueWorkload
{
    private const int Concurrency = 64; // of the responder, which does not know how many requests will be under way
    private const int MaxRequests = 2_000_000;

    public string Name => name;

    public string Title => title;

    public bool Fits(IQueueUnderTest subject) => subject.Requests is not null;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        IRequests requests = context.Subject.Requests!;
        await using IAsyncDisposable responder =
            await requests.OpenResponderAsync(context.Queue, Concurrency, Respond, cancellationToken);
        await using var sender =
            new RequestSender(await requests.OpenRequesterAsync(context.Queue, cancellationToken));
        var loops = new SendLoops(context.Ledger, [sender], window, batch: 1, MaxRequests, cancellationToken);
        return await loops.MeasureAsync(context, cancellationToken, "request");

        byte[] Respond(ReadOnlyMemory<byte> request)
        {
            context.Ledger.Deliver(request.Span);
            return request.ToArray();
        }
    }
}
