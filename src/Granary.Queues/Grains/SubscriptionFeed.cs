using Granary.Queues.Owners;
using Granary.Queues.Topics;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

/// <summary>
/// Reads a topic's partition for a subscription's one as long as its owner lives. What it reads is given out at once; the
/// call waits where there is nothing, so nothing is polled. One call runs at a time (a grain's).
/// </summary>
internal sealed class SubscriptionFeed(
    PartitionOwner owner, IQueuePartitionGrain topic, PartitionDefinition definition, TimeProvider time, ILogger logger)
{
    // A topic that is idle is told so often what is needed of it.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NeedPeriod = TimeSpan.FromSeconds(1);

    // Of a topic that cannot be asked; and of one that moves, and is there at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(50);

    private readonly SubscriptionDefinition _subscription = definition.Subscription!;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FilterMatcher _filter = new(definition.Subscription!.Filter);
    private Task _running = Task.CompletedTask;
    private Task<OffsetRange[]>? _needed;
    private Action? _stop;
    private bool _isStopped;
    private long _neededAt = time.GetTimestamp();

    /// <summary>Ends when it has a place in the topic: from then on no message is missed.</summary>
    public Task Begun => _begun.Task;

    public void Start() => _running = RunAsync();

    /// <summary>What it takes from now on it takes by this filter.</summary>
    public void SetFilter(MessageFilter filter) => _filter = new FilterMatcher(filter);

    /// <summary>Ends it; nothing is taken any more when this has ended.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        _stop?.Invoke();
        _stop = null;
        return _running;
    }

    private async Task RunAsync()
    {
        using CancellationTokenSource stopping = new();
        _stop = stopping.Cancel;
        for (bool failed = false; !owner.HasFailed && !_isStopped;)
        {
            TimeSpan pause = TimeSpan.Zero;
            try
            {
                pause = await StepAsync(stopping.Token) ? TimeSpan.Zero : MovePause;
                failed = false;
            }
            catch (Exception exception) // the edge: one reading; the next one may succeed
            {
                pause = failed ? Pause : MovePause;
                if (failed && !owner.HasFailed && !_isStopped)
                {
                    logger.TopicNotRead($"{topic.GetGrainId()}", exception);
                }

                failed = true;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, stopping.Token).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }

        _stop = null;
        _begun.TrySetException(new GranaryUnavailableException("The subscription's partition is opened again."));
    }

    // False: the topic has answered before its time, with nothing.
    private async Task<bool> StepAsync(CancellationToken stopping)
    {
        (TopicPlace? place, Task room) = await owner.Intake.LookAsync();
        if (place is not { } here)
        {
            await owner.Intake.BeginAsync(
                await topic.FindPlaceAsync(_subscription.Creation, owner.Epoch, _subscription.Start));
            return true;
        }

        _begun.TrySetResult();
        await room.WaitAsync(stopping);
        long asked = time.GetTimestamp();
        TopicPart part = await topic.ReadAsync(NextNeed(), here.Offset, Wait, stopping);
        stopping.ThrowIfCancellationRequested();
        if (part.End > here.Offset)
        {
            await owner.Intake.TakeAsync(part, _filter.Means);
            return true;
        }

        return time.GetElapsedTime(asked) > Wait / 2;
    }

    // What was durably done with by the end of the last look, which takes as long as a commit.
    private TopicNeed NextNeed()
    {
        OffsetRange[] needed = [];
        if (_needed is { IsCompleted: true } look)
        {
            needed = look.IsCompletedSuccessfully ? look.GetAwaiter().GetResult() : [];
            _neededAt = time.GetTimestamp();
            _needed = null;
        }
        else if (_needed is null && time.GetElapsedTime(_neededAt) > NeedPeriod)
        {
            _needed = owner.Intake.GetNeededAsync();
        }

        return new TopicNeed(_subscription.Creation, owner.Epoch, needed);
    }
}
