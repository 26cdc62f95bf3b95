using System.Diagnostics.CodeAnalysis;

namespace Granary.Client.Queues.Calls;

/// <summary>
/// Makes one call of what waits while others are under way: no timer, so what comes alone leaves at once. Thread-safe.
/// </summary>
/// <typeparam name="TItem">What is asked.</typeparam>
/// <typeparam name="TAnswer">The answer to one.</typeparam>
/// <param name="call">Asks many; answers each in order.</param>
/// <param name="weigh">Of an item, against <paramref name="maxWeight"/>.</param>
/// <param name="maxWeight">A call is closed when it weighs so much; one item may weigh more.</param>
/// <param name="maxItems">Of a call.</param>
/// <param name="maxCalls">Under way at once.</param>
internal sealed class CallMerger<TItem, TAnswer>(
    Func<TItem[], Task<TAnswer[]>> call, Func<TItem, (int Weight, int Items)> weigh, int maxWeight, int maxItems, int maxCalls)
{
    // What waits is bounded: beyond, callers wait to wait.
    private const int MaxWaitingCalls = 16;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private readonly Queue<TaskCompletionSource> _outside = [];
    private long _waitingWeight;
    private int _calls;

    /// <summary>The answer to one item.</summary>
    /// <exception cref="Exception">What the call threw that it was part of.</exception>
    public async Task<TAnswer> AskAsync(TItem item, CancellationToken cancellationToken)
    {
        (int weight, int items) = weigh(item);
        Waiting waiting = new(item, weight, items);
        while (!TryAdd(waiting, out TaskCompletionSource? room))
        {
            await room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        Next();
        return await waiting.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool TryAdd(Waiting waiting, [NotNullWhen(false)] out TaskCompletionSource? room)
    {
        lock (_lock)
        {
            if (_waitingWeight >= (long)maxWeight * MaxWaitingCalls)
            {
                room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _outside.Enqueue(room);
                return false;
            }

            _waiting.Enqueue(waiting);
            _waitingWeight += waiting.Weight;
            room = null;
            return true;
        }
    }

    private void Next()
    {
        while (TryTake() is { } batch)
        {
            _ = CallAsync(batch);
        }
    }

    private List<Waiting>? TryTake()
    {
        lock (_lock)
        {
            if (_calls >= maxCalls || _waiting.Count == 0)
            {
                return null;
            }

            List<Waiting> batch = [];
            long weight = 0;
            int items = 0;
            while (_waiting.TryPeek(out Waiting? next)
                && (batch.Count == 0 || (weight + next.Weight <= maxWeight && items + next.Items <= maxItems)))
            {
                batch.Add(_waiting.Dequeue());
                weight += next.Weight;
                items += next.Items;
            }

            _waitingWeight -= weight;
            _calls++;
            while (_outside.TryDequeue(out TaskCompletionSource? room))
            {
                room.SetResult();
            }

            return batch;
        }
    }

    private async Task CallAsync(List<Waiting> batch)
    {
        try
        {
            TAnswer[] answers = await call([.. batch.Select(waiting => waiting.Item)]).ConfigureAwait(false);
            if (answers.Length != batch.Count)
            {
                throw new GranaryException($"{batch.Count} questions were asked, and {answers.Length} answered.");
            }

            Done();
            for (int index = 0; index < answers.Length; index++)
            {
                batch[index].Answer.SetResult(answers[index]);
            }
        }
        catch (Exception exception) // the edge: one call; each of its callers gets the exception
        {
            Done();
            batch.ForEach(waiting => waiting.Answer.TrySetException(exception));
        }
    }

    // The next call leaves before the callers of the last go on.
    private void Done()
    {
        lock (_lock)
        {
            _calls--;
        }

        Next();
    }

    private sealed class Waiting(TItem item, int weight, int items)
    {
        public TItem Item { get; } = item;

        public int Weight { get; } = weight;

        public int Items { get; } = items;

        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
