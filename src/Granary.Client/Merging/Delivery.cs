using System.Diagnostics;
using System.Runtime.InteropServices;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>Gives everyone who waits for a batch an answer, or sends the operation again. One thread, once.</summary>
internal ref struct Delivery(ILinkOwner owner, LinkBatch batch)
{
    private LinkBatch? _again;
    private LinkBatch? _elsewhere;

    /// <summary>Hands out the answers of a reply.</summary>
    public void Answer(ReadOnlyMemory<byte> reply)
    {
        List<Exceptional>? exceptional = null;
        int ordinal = 0;
        var replies = new ReplyReader(reply.Span);
        owner.OnReply(replies.ViewVersion);
        foreach (ref BatchEntry entry in batch.Entries)
        {
            int answered = 0;
            for (int i = 0; i < entry.Count; i++, ordinal++)
            {
                // The rest of a reply that is cut short reads as status None.
                _ = replies.TryRead(out PackedReply packed);
                if (packed.Status is >= CacheStatus.Success and <= CacheStatus.NoRoom)
                {
                    entry.Target.Answer(entry.Slot + i, Keep(packed, reply));
                    answered++;
                    continue;
                }

                exceptional ??= [];
                exceptional.Add(new Exceptional(ordinal, entry.Target, entry.Slot + i, entry.Attempt, packed.Status));
            }

            if (answered > 0)
            {
                entry.Target.Answered(answered);
            }
        }

        if (exceptional is not null)
        {
            Handle(exceptional, noProgress: exceptional.Count == ordinal);
        }
    }

    /// <summary>The message failed: repeats what may be repeated.</summary>
    public void Fail(Exception error)
    {
        bool notApplied = MessageFailure.IsNotApplied(error);
        bool refused = error is ArgumentException;
        var requests = new BatchReader(batch.Message.Span);
        foreach (ref BatchEntry entry in batch.Entries)
        {
            for (int i = 0; i < entry.Count; i++)
            {
                bool read = requests.TryRead(out PackedOperation operation);
                Debug.Assert(read, "A batch of ours is malformed.");
                PendingOperation target = entry.Target;
                if (target.IsCompleted)
                {
                    target.Answered(1);
                }
                else if (notApplied || (target.MayRepeat && !refused))
                {
                    Retry(ref _elsewhere, target, entry.Slot + i, entry.Attempt + 1, operation);
                }
                else
                {
                    target.Fail(target.MayRepeat
                        ? new GranaryException("The silo refused the batch as malformed.", error)
                        : owner.Deadlines.OutcomeUnknown(error));
                    target.Answered(1);
                }
            }
        }

        Redispatch();
    }

    private static OperationReply Keep(in PackedReply packed, ReadOnlyMemory<byte> reply)
    {
        // Where the value's span lies in the message: the caller decodes it later, without a copy in between.
        reply.Span.Overlaps(packed.Value, out int offset);
        return new OperationReply
        {
            Status = packed.Status,
            Flags = packed.Flags,
            Cas = packed.Cas,
            Number = packed.Number,
            Value = packed.Value.IsEmpty ? default : reply.Slice(offset, packed.Value.Length),
            IsWatched = packed.State.Has(StateBits.Watched),
            Tags = packed.Tags.IsEmpty ? null : MemoryMarshal.Cast<byte, ulong>(packed.Tags).ToArray(),
        };
    }

    private static void Retry(
        ref LinkBatch? into, PendingOperation target, int slot, int attempt, in PackedOperation operation)
    {
        into ??= LinkBatch.Rent();
        into.Add(target, slot, attempt, operation);
    }

    private void Handle(List<Exceptional> exceptional, bool noProgress)
    {
        int ordinal = -1;
        var requests = new BatchReader(batch.Message.Span);
        PackedOperation operation = default;
        foreach (Exceptional one in exceptional)
        {
            for (; ordinal < one.Ordinal; ordinal++)
            {
                requests.TryRead(out operation);
            }

            if (one.Target.IsCompleted || !Retried(one, operation, noProgress))
            {
                one.Target.Answered(1);
            }
        }

        Redispatch();
    }

    // False if the slot is done with.
    private bool Retried(in Exceptional one, in PackedOperation operation, bool noProgress)
    {
        PendingOperation target = one.Target;
        switch (one.Status)
        {
            case CacheStatus.Deferred when !noProgress:
                Retry(ref _again, target, one.Slot, one.Attempt, operation);
                return true;

            case CacheStatus.Deferred or CacheStatus.NotOwner:
            case CacheStatus.Unknown when target.MayRepeat:
                Retry(ref _elsewhere, target, one.Slot, one.Attempt + 1, operation);
                return true;

            case CacheStatus.Paged when !target.WantsValue:
                target.Answer(one.Slot, new OperationReply { Status = CacheStatus.Success });
                return false;

            case CacheStatus.Paged when target.MayRepeat:
                long? expiration = target.Kind == CacheOperation.GetAndTouch ? operation.Expiration : null;
                owner.ReadPages(target, one.Slot, operation.Key.ToArray(), expiration);
                return true;

            default:
                target.Fail(target.MayRepeat ? Outcome.Unexpected(one.Status) : owner.Deadlines.OutcomeUnknown(null));
                return false;
        }
    }

    private readonly void Redispatch()
    {
        if (_again is not null)
        {
            owner.Redispatch(_again, refresh: false);
        }

        if (_elsewhere is not null)
        {
            owner.Redispatch(_elsewhere, refresh: true);
        }
    }

    private readonly record struct Exceptional(
        int Ordinal, PendingOperation Target, int Slot, int Attempt, CacheStatus Status);
}
