using Granary.Queues.Owners;
using Granary.Queues.Topics;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

/// <summary>
/// Reads a topic's partition for a subscription's one as long as its owner lives. What it reads is given out at once; the
/// call waits where there is nothing, so nothing is polled. One call runs at a time (a grain's).
/// </summary>
internal sealed class SubscriptionFeed(
    PartitionOwner owner,
    IQueuePartitionGrain topic,
    PartitionDefinition definition,
    TimeProvider time,
    ILogger logger,
    CancellationToken siloStopping)
{
    // A topic is told so often what is needed of it, while that changes; and else asked so often.
    private static readonly TimeSpan NeedPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    // Of a topic that cannot be asked; and of one that moves, and is there at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(50);

    private readonly SubscriptionDefinition _subscription = definition.Subscription!;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FilterMatcher _filter = new(definition.Subscription!.Filter);
    private Task _running = Task.CompletedTask;
    private Task<OffsetRange[]>? _needed;
    private bool _isNeedOld = true; // something may have been done with since the last look
    private Action? _stop;
    private long _neededAt = time.GetTimestamp();

    /// <summary>Ends when it has a place in the topic: from then on no message is missed.</summary>
    public Task Begun => _begun.Task;

    public void Start() => _running = RunAsync();

    /// <summary>What it takes from now on it takes by this filter.</summary>
    public void SetFilter(MessageFilter filter) => _filter = new FilterMatcher(filter);

    /// <summary>Ends it; nothing is taken any more when this has ended.</summary>
    public Task StopAsync()
    {
        try
        {
            _stop?.Invoke(); // from another thread, perhaps, while it ends
        }
        catch (ObjectDisposedException)
        {
        }

        return _running;
    }

    private async Task RunAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(siloStopping);
        _stop = stopping.Cancel;
        for (bool failed = false; !owner.HasFailed && !stopping.IsCancellationRequested;)
        {
            TimeSpan pause = TimeSpan.Zero;
            try
            {
                pause = await StepAsync(stopping.Token) ? TimeSpan.Zero : MovePause;
                failed = false;
            }
            catch (GranaryQueueNotFoundException exception)
            {
                owner.Fail(new GranaryUnavailableException(exception.Message, exception)); // with the topic the subscription is gone
            }
            catch (Exception exception) // the edge: one reading; the next one may succeed
            {
                pause = failed ? Pause : MovePause;
                if (failed && !owner.HasFailed && !stopping.IsCancellationRequested)
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
        (TopicPlace? place, Task room, bool hasMessages) = await owner.Intake.LookAsync();
        if (place is not { } here)
        {
            await owner.Intake.BeginAsync(
                await topic.FindPlaceAsync(_subscription.Creation, owner.Epoch, _subscription.Start));
            return true;
        }

        _begun.TrySetResult();
        await room.WaitAsync(stopping);
        long asked = time.GetTimestamp();
        _isNeedOld |= hasMessages;
        TopicNeed need = NextNeed();
        TimeSpan wait = _isNeedOld || _needed is not null ? NeedPeriod : Wait;

        // Left behind when this ends, not cancelled: it ends soon, and a silo that stops cannot tell the other any more.
        TopicPart part = await topic.ReadAsync(need, here.Offset, wait, CancellationToken.None).AsTask().WaitAsync(stopping);
        if (!part.IsRegistered)
        {
            await RegisterAsync();
            return true;
        }

        if (part.End > here.Offset)
        {
            _isNeedOld = true;
            await owner.Intake.TakeAsync(part, _filter.Means);
            return true;
        }

        return time.GetElapsedTime(asked) > wait / 2;
    }

    // The topic has heard of a definition without this subscription, and of the next one too late.
    private async Task RegisterAsync()
    {
        OffsetRange[] needed = await owner.Intake.GetNeededAsync();
        await topic.FindPlaceAsync(
            _subscription.Creation,
            owner.Epoch,
            SubscriptionStart.From(new MessagePosition((int)topic.GetPrimaryKeyLong(out _), needed[0].First)));
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
        else if (_needed is null && _isNeedOld && time.GetElapsedTime(_neededAt) > NeedPeriod)
        {
            _isNeedOld = false;
            _needed = owner.Intake.GetNeededAsync();
        }

        return new TopicNeed(_subscription.Creation, owner.Epoch, needed);
    }
}
