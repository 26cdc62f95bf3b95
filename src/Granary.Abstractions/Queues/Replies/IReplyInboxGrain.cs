namespace Granary.Queues;

/// <summary>
/// Where the replies for one client wait until it takes them. In the memory of one silo: if that dies, who waits gets none,
/// and asks again. Nobody makes or removes it. Its key is what requests name.
/// </summary>
[Alias("granary.IReplyInboxGrain")]
public interface IReplyInboxGrain : IGrainWithGuidKey
{
    /// <summary>Adds a reply.</summary>
    /// <exception cref="GranaryUnavailableException">There is no room: nobody takes them.</exception>
    [Alias("Put"), ResponseTimeout("00:00:10")]
    ValueTask PutAsync(Reply reply);

    /// <summary>Takes replies; with none there it waits for the first.</summary>
    /// <param name="acknowledged">Those up to here have arrived (<see cref="ReplyPart.End"/>), and are forgotten.</param>
    /// <param name="wait">At most so long, and at most <see cref="QueueLimits.MaxWait"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("Take"), ResponseTimeout("00:00:30")]
    ValueTask<ReplyPart> TakeAsync(ReplyMark acknowledged, TimeSpan wait, CancellationToken cancellationToken);
}
