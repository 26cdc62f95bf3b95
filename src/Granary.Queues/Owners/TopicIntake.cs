using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>What a subscription's owner takes from the topic. Safe: the state machine is used within the owner's commands only.</summary>
internal sealed class TopicIntake(PartitionOwner owner, QueuePartition partition, MessageContents contents)
{
    private const int CachedBacklog = 4096; // behind a longer one a new message is not wanted soon

    private readonly ReadySignal _room = new();

    /// <summary>Something has changed. Under the owner's lock.</summary>
    public void Changed() => _room.SetIf(partition.Intake.HasRoom);

    /// <summary>Nobody is to wait any more. Under the owner's lock.</summary>
    public void Fail(Exception failure) => _room.Fail(failure);

    /// <summary>
    /// Where it goes on (<see langword="null"/>: it has not begun), what ends when it is to take more, and whether it has
    /// messages.
    /// </summary>
    public Task<(TopicPlace? Place, Task Room, bool HasMessages)> LookAsync() => owner.ExecuteAsync(
        _ => (
            partition.Intake.Place,
            partition.Intake.HasRoom ? Task.CompletedTask : _room.Next,
            partition.Messages.Length > 0),
        static _ => false);

    /// <summary>Why an owner is over.</summary>
    public static GranaryUnavailableException Sought() => new("The subscription goes on elsewhere in its topic.");

    /// <summary>What is needed of the topic, also if this owner is not there any more.</summary>
    public Task<OffsetRange[]> GetNeededAsync() => owner.ExecuteAsync(_ => partition.Intake.Needed());

    /// <summary>Takes what follows. Given out at once: if it is lost it is taken again.</summary>
    public Task TakeAsync(TopicPart part, Func<StoredMessage, bool> filter) => owner.ExecuteAsync(
        _ =>
        {
            partition.Intake.Take(part, filter);
            if (partition.Messages.Count(MessageState.Ready) <= CachedBacklog)
            {
                contents.Add(part);
            }

            return true;
        },
        static _ => false);

    /// <summary>Begins, unless it has.</summary>
    public Task BeginAsync(TopicPlace place) => owner.ExecuteAsync(_ =>
    {
        if (partition.Intake.Place is null)
        {
            partition.Intake.Begin(place);
        }

        return true;
    });

    /// <summary>Goes on elsewhere, with nothing. This owner is over then.</summary>
    public async Task SeekAsync(TopicPlace place)
    {
        await owner.ExecuteAsync(_ =>
        {
            partition.Intake.Seek(place);
            return true;
        }).ConfigureAwait(false);
        owner.Fail(Sought());
    }
}
