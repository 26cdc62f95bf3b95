using System.Runtime.CompilerServices;
using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client.Queues.Calls;

/// <inheritdoc/>
internal sealed class QueueAdministration(QueueCalls calls, ValueCodec codec) : IQueueAdministration
{
    private const int StepMessages = 1000;
    private const int PeekMessages = 100;
    private const int StepsPerSecond = 10;

    public Task PutAsync(QueueDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definition.Validate();
        return calls.RunAsync(
            async () =>
            {
                await calls.Access.Catalog.PutAsync(definition).ConfigureAwait(false);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken = default)
    {
        QueueLimits.CheckName(queue);
        return calls.RunAsync(() => calls.Access.Catalog.FindAsync(queue).AsTask(), mayRepeat: true, cancellationToken);
    }

    public async Task<IReadOnlyList<QueueDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        await calls.RunAsync(() => calls.Access.Catalog.ListAsync().AsTask(), mayRepeat: true, cancellationToken)
            .ConfigureAwait(false);

    public Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken = default)
    {
        QueueLimits.CheckName(queue);
        return calls.RunAsync(() => calls.Access.Catalog.DeleteAsync(queue).AsTask(), mayRepeat: false, cancellationToken);
    }

    public Task PutSubscriptionAsync(
        string topic, SubscriptionDefinition subscription, CancellationToken cancellationToken = default)
    {
        QueueLimits.CheckName(topic);
        ArgumentNullException.ThrowIfNull(subscription);
        subscription.Validate();
        return calls.RunAsync(
            async () =>
            {
                await calls.Access.Catalog.PutSubscriptionAsync(topic, subscription).ConfigureAwait(false);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<bool> DeleteSubscriptionAsync(
        string topic, string subscription, CancellationToken cancellationToken = default)
    {
        _ = SubscriptionName.Of(topic, subscription);
        return calls.RunAsync(
            () => calls.Access.Catalog.DeleteSubscriptionAsync(topic, subscription).AsTask(),
            mayRepeat: false,
            cancellationToken);
    }

    public Task SeekAsync(
        string topic, string subscription, SubscriptionStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.Validate();
        IQueueGrain grain = GrainOf(SubscriptionName.Of(topic, subscription));
        return calls.RunAsync(
            async () =>
            {
                await grain.SeekAsync(start).ConfigureAwait(false);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<bool> PauseAsync(string queue, CancellationToken cancellationToken = default) =>
        SetPausedAsync(queue, isPaused: true, cancellationToken);

    public Task<bool> ResumeAsync(string queue, CancellationToken cancellationToken = default) =>
        SetPausedAsync(queue, isPaused: false, cancellationToken);

    public async Task<IReadOnlyDictionary<string, int>> GetWaitingReceiversAsync(CancellationToken cancellationToken = default) =>
        await calls
            .RunAsync(() => calls.Access.Catalog.GetWaitingReceiversAsync().AsTask(), mayRepeat: true, cancellationToken)
            .ConfigureAwait(false);

    public Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default) =>
        calls.RunAsync(() => GrainOf(queue).GetStatisticsAsync().AsTask(), mayRepeat: true, cancellationToken);

    public async IAsyncEnumerable<PeekedMessage> PeekAsync(
        string queue, MessageState state, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IQueueGrain grain = GrainOf(queue);
        for (MessagePosition from = default; ;)
        {
            PeekedContent[] found = await calls
                .RunAsync(() => grain.PeekAsync(state, from, PeekMessages).AsTask(), mayRepeat: true, cancellationToken)
                .ConfigureAwait(false);
            foreach (PeekedContent one in found)
            {
                yield return new PeekedMessage(one, codec);
            }

            if (found.Length == 0)
            {
                yield break;
            }

            from = new MessagePosition(found[^1].Partition, found[^1].Description.Offset + 1);
        }
    }

    public async Task<IReadOnlyList<PeekedMessage>> PeekFailingAsync(
        string queue, int max = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        IQueueGrain grain = GrainOf(queue);
        PeekedContent[] found = await calls
            .RunAsync(() => grain.PeekFailingAsync(max).AsTask(), mayRepeat: true, cancellationToken)
            .ConfigureAwait(false);
        return [.. found.Select(one => new PeekedMessage(one, codec))];
    }

    // Done twice it is done once: what is ready is no dead letter.
    public Task<long> RedriveAsync(
        string queue, DeadFilter? filter = null, int? maxPerSecond = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (maxPerSecond < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(maxPerSecond), maxPerSecond, "It must be at least 1.");
        }

        IQueueGrain grain = GrainOf(queue);
        int step = maxPerSecond is { } rate ? Math.Clamp(rate / StepsPerSecond, 1, StepMessages) : StepMessages;
        TimeSpan pause = maxPerSecond is { } most ? TimeSpan.FromSeconds((double)step / most) : TimeSpan.Zero;
        return StepAsync(
            grain, MessageState.Dead, step, pause, () => grain.RedriveAsync(filter ?? DeadFilter.All, step), progress, cancellationToken);
    }

    public Task<long> PurgeAsync(
        string queue,
        MessageState state,
        DeadFilter? filter = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        IQueueGrain grain = GrainOf(queue);
        return state == MessageState.Leased
            ? throw new ArgumentOutOfRangeException(nameof(state), state, "Leased messages belong to their receivers.")
            : StepAsync(
                grain,
                state,
                StepMessages,
                TimeSpan.Zero,
                () => grain.PurgeAsync(state, filter ?? DeadFilter.All, StepMessages),
                progress,
                cancellationToken);
    }

    private static long CountOf(QueueStatistics statistics, MessageState state) => state switch
    {
        MessageState.Ready => statistics.Ready,
        MessageState.Delayed => statistics.Delayed,
        MessageState.Deferred => statistics.Deferred,
        _ => statistics.Dead,
    };

    private Task<bool> SetPausedAsync(string queue, bool isPaused, CancellationToken cancellationToken)
    {
        SubscriptionName.Check(queue);
        return calls.RunAsync(
            () => calls.Access.Catalog.SetPausedAsync(queue, isPaused).AsTask(), mayRepeat: true, cancellationToken);
    }

    private IQueueGrain GrainOf(string queue)
    {
        SubscriptionName.Check(queue);
        return calls.Access.Queue(queue);
    }

    // As many as there were at the beginning, at most: what fails again at once is not taken again.
    private async Task<long> StepAsync(
        IQueueGrain grain, MessageState state, int step, TimeSpan pause, Func<ValueTask<int>> work, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        QueueStatistics there = await calls
            .RunAsync(() => grain.GetStatisticsAsync().AsTask(), mayRepeat: true, cancellationToken)
            .ConfigureAwait(false);
        for (long done = 0; ;)
        {
            long begin = calls.Time.GetTimestamp();
            int count = await calls.RunAsync(() => work().AsTask(), mayRepeat: true, cancellationToken).ConfigureAwait(false);
            done += count;
            progress?.Report(done);
            if (count < step || done >= CountOf(there, state))
            {
                return done;
            }

            TimeSpan rest = pause - calls.Time.GetElapsedTime(begin);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, calls.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
