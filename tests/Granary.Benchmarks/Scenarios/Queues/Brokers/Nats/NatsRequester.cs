using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.Core;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>Publishes with a subject for the reply, of which the connection has one subscription.</summary>
internal sealed class NatsRequester(NatsConnection connection, string subject) : IRequester
{
    public async Task<byte[]> RequestAsync(byte[] request, CancellationToken cancellationToken)
    {
        NatsMsg<byte[]> reply =
            await connection.RequestAsync<byte[], byte[]>(subject, request, cancellationToken: cancellationToken);
        reply.EnsureSuccess();
        return reply.Data ?? [];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
