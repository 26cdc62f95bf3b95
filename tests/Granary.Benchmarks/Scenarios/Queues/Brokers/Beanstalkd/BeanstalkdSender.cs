using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>Pipelined puts; there is none for several messages.</summary>
internal sealed class BeanstalkdSender(BeanstalkdConnection connection) : IQueueSender
{
    public Task SendAsync(byte[] body, CancellationToken cancellationToken) => PutAsync(body, delaySeconds: 0);

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => PutAsync(body, delaySeconds: 0)));

    // Whole seconds from now, so up to one second late by its protocol.
    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken)
    {
        double seconds = (due - TimeProvider.System.GetUtcNow()).TotalSeconds;
        return PutAsync(body, (int)Math.Ceiling(Math.Max(0, seconds)));
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task PutAsync(byte[] body, int delaySeconds)
    {
        // put <pri> <delay> <ttr> <bytes>\r\n<data>\r\n
        BeanstalkdReply reply =
            await connection.RequestAsync($"put 1024 {delaySeconds} 120 {body.Length}\r\n", body);
        reply.Expect("INSERTED");
    }
}
