using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>Gives out messages with their contents. Safe: the state machine is used within the owner's commands only.</summary>
internal sealed class Deliveries(PartitionOwner owner, QueuePartition partition, MessageContents contents)
{
    public async Task<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        int most = Math.Min(max, contents.CountThatFits(QueueLimits.MaxCallBytes));
        IReadOnlyList<LeasedMessage> leased = await owner
            .ExecuteAsync(now => partition.Receive(most, lease, now), DependsOnPending)
            .ConfigureAwait(false);
        LeasedContent[] received = await WithContentsAsync(leased, cancellationToken).ConfigureAwait(false);
        int fits = MessageContents.CountWithin(received.Select(one => one.Content), QueueLimits.MaxCallBytes);
        if (fits < received.Length)
        {
            await ReleaseAsync(received.Skip(fits).Select(one => one.Lease)).ConfigureAwait(false);
        }

        return received[..fits];
    }

    // Read before they are leased: a deferred message that is given back would not be deferred any more. Not nothing while
    // the queue is paused: who asks would take what it has put aside for somebody else's.
    public async Task<LeasedContent[]> ReceiveDeferredAsync(
        IReadOnlyList<long> offsets, TimeSpan? lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageDescription> found =
            await UnlessPausedAsync(_ => PartitionView.FindDeferred(partition.Messages, offsets)).ConfigureAwait(false);
        PeekedContent[] fit = await ReadAsync(contents.ReadAsync(found, cancellationToken)).ConfigureAwait(false);
        IReadOnlyList<LeasedMessage> leased = await UnlessPausedAsync(
            now => partition.ReceiveDeferred(fit.Select(one => one.Description.Offset), lease, now)).ConfigureAwait(false);
        return await WithContentsAsync(leased, cancellationToken).ConfigureAwait(false);
    }

    public async Task<PeekedContent[]> PeekAsync(
        MessageState state, long fromOffset, int max, CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageDescription> found =
            await owner.ExecuteAsync(_ => partition.Peek(state, fromOffset, max)).ConfigureAwait(false);
        return await ReadAsync(contents.ReadAsync(found, cancellationToken)).ConfigureAwait(false);
    }

    public async Task<PeekedContent[]> PeekFailingAsync(int max, CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageDescription> found =
            await owner.ExecuteAsync(_ => PartitionView.Failing(partition.Messages, max)).ConfigureAwait(false);
        return await ReadAsync(contents.ReadAsync(found, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<T> UnlessPausedAsync<T>(Func<PartitionTime, T> command)
        where T : class =>
        await owner.ExecuteAsync(now => partition.Options.IsPaused ? null : command(now)).ConfigureAwait(false)
            ?? throw new GranaryQueuePausedException($"'{owner.Id.Queue}' is paused: it gives nothing out until it is resumed.");

    // A first lease of a durable message rests on nothing that is not written.
    private bool DependsOnPending(IReadOnlyList<LeasedMessage> leased) =>
        leased.Any(one => one.AcquiredCount > 1 || !owner.IsDurable(one.Receipt.Offset));

    private async Task<LeasedContent[]> WithContentsAsync(
        IReadOnlyList<LeasedMessage> leased, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(contents.ReadAsync(leased, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not QueueDamagedException)
        {
            await ReleaseAsync(leased).ConfigureAwait(false);
            throw;
        }
    }

    // Nothing is read past damage, and nothing written.
    private async Task<T> ReadAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (QueueDamagedException exception)
        {
            owner.Fail(new GranaryUnavailableException(exception.Message, exception));
            throw;
        }
    }

    private Task<int> ReleaseAsync(IEnumerable<LeasedMessage> leased) =>
        owner.ExecuteAsync(now => leased.Count(one => partition.Release(one.Receipt, now) == SettleOutcome.Done));
}
