using Granary.Shards;
using Granary.Store.Copies;

namespace Granary.Cache.Copies;

/// <summary>
/// The copies that this silo makes on another one. One message is under way at a time: what was not answered is sent
/// again as it was, so that steps arrive in order, each once. Under the lock of <see cref="OutgoingCopies"/>.
/// </summary>
internal sealed class CopySender(SiloAddress self, SiloAddress target, TimeProvider time)
{
    // A step is short enough for the small object heap, a message for its neighbours on the connection.
    private const int MaxFrameBytes = 64 << 10;
    private const int MaxMessageBytes = 512 << 10;

    // Shards copied at the same time: few, so that the first ones are complete soon.
    private const int MaxBuilding = 4;

    // The target drops a copy that it has not heard of for 10 s.
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromSeconds(2);

    private readonly List<OutgoingCopy> _copies = [];
    private readonly List<PendingStep> _pending = [];
    private readonly byte[] _frame = new byte[MaxFrameBytes];
    private CopyBatch? _batch;
    private FrameFormat _format;
    private int _first;

    public SiloAddress Target { get; } = target;

    public IReadOnlyList<OutgoingCopy> Copies => _copies;

    public bool IsIdle => _copies.Count == 0 && _batch is null && Sealed.IsEmpty;

    /// <summary>The shards that nobody serves on their way to this silo.</summary>
    public SealedShards Sealed { get; } = new(time);

    public void Add(OutgoingCopy copy) => _copies.Add(copy);

    /// <summary>The message to send now: the last one again, if it was not answered.</summary>
    /// <returns><see langword="null"/> if there is nothing to say.</returns>
    public CopyBatch? Next()
    {
        if (_batch is not null)
        {
            return _batch;
        }

        _copies.RemoveAll(static copy => copy.IsGone);
        int building = _copies.Count(static copy => copy.Number > 0 && !copy.IsComplete);
        int bytes = 0;
        for (int index = 0; index < _copies.Count && bytes < MaxMessageBytes; index++)
        {
            OutgoingCopy copy = _copies[(_first + index) % _copies.Count];
            bool begins = copy.Number == 0 && !copy.IsUnwanted;
            if (begins && building >= MaxBuilding)
            {
                continue;
            }

            if (TryMakeStep(copy) is { } step)
            {
                building += begins ? 1 : 0;
                bytes += step.Step.Frame.Length;
                _pending.Add(step);
            }
        }

        _first++; // so that no copy is always last
        return _batch = _pending.Count == 0
            ? null
            : new CopyBatch(self, [.. _pending.Select(static pending => pending.Step)]);
    }

    /// <summary>The message has been answered.</summary>
    /// <param name="reply">The answer.</param>
    /// <returns>What was sent, in the order of the answers.</returns>
    public PendingStep[] Answered(CopyBatchReply reply)
    {
        _format = (FrameFormat)Math.Clamp(
            reply.FrameFormat, (byte)FrameFormat.WithoutWindows, (byte)FrameFormat.Newest);
        PendingStep[] steps = [.. _pending];
        _pending.Clear();
        _batch = null;
        return steps;
    }

    private PendingStep? TryMakeStep(OutgoingCopy copy)
    {
        if (copy.IsUnwanted)
        {
            return Send(copy, copy.Number == 0 ? null : CopySteps.Drop, frameBytes: 0);
        }

        bool isDue = copy.Number == 0
            || copy.Feed.HasMore
            || (copy.IsSealed && !copy.IsFinalSent)
            || (copy.Feed.IsScanned && !copy.MayBeComplete)
            || time.GetElapsedTime(copy.SentAt) > ConfirmPeriod;
        if (!isDue)
        {
            return null;
        }

        int bytes = copy.Feed.HasMore ? copy.Feed.Read(_frame, _format) : 0;
        CopySteps steps = copy.Number == 0 ? CopySteps.Begin : CopySteps.None;
        if (copy.Feed.IsScanned)
        {
            steps |= CopySteps.Complete;
            copy.MayBeComplete = true;
        }

        if (copy.IsSealed && !copy.Feed.HasMore)
        {
            steps |= CopySteps.Final;
            copy.IsFinalSent = true;
        }

        return Send(copy, steps, bytes);
    }

    private PendingStep? Send(OutgoingCopy copy, CopySteps? steps, int frameBytes)
    {
        if (steps is null)
        {
            copy.IsGone = true; // the target has never heard of it
            return null;
        }

        copy.Number++;
        copy.SentAt = time.GetTimestamp();
        var step = new CopyStep(
            copy.Shard, copy.Term, copy.Id, copy.Number, copy.Kind, steps.Value, _frame.AsSpan(0, frameBytes).ToArray());
        return new PendingStep(copy, step, copy.Feed.CoveredChanges);
    }
}
