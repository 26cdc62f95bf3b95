using Granary.Client;
using Granary.Queues;

namespace Granary.CommandLine.Tests.Doubles;

/// <summary>Queues of which only the definitions are known, and what is done to them.</summary>
internal sealed class FakeQueues : IGranaryQueues, IQueueAdministration
{
    public List<QueueDefinition> Definitions { get; } = [];

    /// <summary>What was done, in words.</summary>
    public List<string> Done { get; } = [];

    public long Dead { get; set; }

    public IQueueAdministration Administration => this;

    public Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken = default) =>
        Task.FromResult(Definitions.Find(one => one.Name == queue));

    public Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default) =>
        Task.FromResult(new QueueStatistics { Dead = Dead });

    public Task<long> RedriveAsync(
        string queue,
        DeadFilter? filter = null,
        int? maxPerSecond = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Done.Add($"redrive {queue} reason={filter?.Reason} positions={string.Join(',', filter?.Positions ?? [])} rate={maxPerSecond}");
        progress?.Report(Dead);
        return Task.FromResult(Dead);
    }

    public Task<long> PurgeAsync(
        string queue,
        MessageState state,
        DeadFilter? filter = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Done.Add($"purge {queue} {state}");
        return Task.FromResult(Dead);
    }

    public Task<bool> PauseAsync(string queue, CancellationToken cancellationToken = default)
    {
        Done.Add($"pause {queue}");
        return Task.FromResult(true);
    }

    public Task<bool> ResumeAsync(string queue, CancellationToken cancellationToken = default)
    {
        Done.Add($"resume {queue}");
        return Task.FromResult(true);
    }

    public Task PutAsync(QueueDefinition definition, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<QueueDefinition>> ListAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task PutSubscriptionAsync(string topic, SubscriptionDefinition subscription, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<bool> DeleteSubscriptionAsync(string topic, string subscription, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task SeekAsync(string topic, string subscription, SubscriptionStart start, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<PeekedMessage> PeekAsync(string queue, MessageState state, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, int>> GetWaitingReceiversAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<PeekedMessage>> PeekFailingAsync(
        string queue, int max = 10, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IQueueSender CreateSender(string queue) => throw new NotSupportedException();

    public IQueueReceiver CreateReceiver(string queue, QueueReceiverOptions? options = null) => throw new NotSupportedException();

    public QueueProcessor CreateProcessor(
        string queue, Func<MessageContext, CancellationToken, Task> handler, QueueProcessorOptions? options = null) =>
        throw new NotSupportedException();

    public IQueueRequester CreateRequester(string queue) => throw new NotSupportedException();

    public QueueProcessor CreateResponder<TRequest, TReply>(
        string queue, Func<TRequest, CancellationToken, Task<TReply>> respond, QueueProcessorOptions? options = null) =>
        throw new NotSupportedException();
}
