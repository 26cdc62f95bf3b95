using Microsoft.Extensions.Logging;

namespace Granary.Cache;

/// <summary>The log messages of this project: events 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "View {Version}: {Silos} active silos; {Shards} shards belong here.")]
    public static partial void ViewChanged(this ILogger logger, long version, int silos, int shards);

    [LoggerMessage(1001, LogLevel.Warning, "Silo {Silo} does not answer.")]
    public static partial void SiloDoesNotAnswer(this ILogger logger, SiloAddress silo, Exception exception);

    [LoggerMessage(1002, LogLevel.Information, "Silo '{Name}' joins with {Shards} shards.")]
    public static partial void Joining(this ILogger logger, string name, int shards);

    [LoggerMessage(1018, LogLevel.Debug, "The directory did not say where shard {Shard} is.")]
    public static partial void ShardNotLocated(this ILogger logger, int shard, Exception exception);

    [LoggerMessage(1003, LogLevel.Debug, "Shard {Shard} opens in the background.")]
    public static partial void OpeningInBackground(this ILogger logger, int shard);

    [LoggerMessage(1038, LogLevel.Debug, "A move to {Target} was rehearsed {Rounds} times, last in {Milliseconds} ms.")]
    public static partial void Rehearsed(this ILogger logger, SiloAddress target, int rounds, double milliseconds);

    [LoggerMessage(1039, LogLevel.Debug, "A move to {Target} could not be rehearsed.")]
    public static partial void NotRehearsed(this ILogger logger, SiloAddress target, Exception exception);

    [LoggerMessage(1004, LogLevel.Warning, "Not all shards of this silo could be activated; trying again.")]
    public static partial void ActivationFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "A batch for {Target} failed: its writes may or may not have been applied.")]
    public static partial void BatchFailed(this ILogger logger, string target, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "Silo {Silo} did not take copies of shards; they are sent again.")]
    public static partial void CopyFailed(this ILogger logger, SiloAddress silo, Exception exception);

    [LoggerMessage(1007, LogLevel.Debug, "Silo {Silo} does not confirm that this silo is a member.")]
    public static partial void MembershipNotConfirmed(this ILogger logger, SiloAddress silo, Exception exception);

    [LoggerMessage(1008, LogLevel.Warning, "No silo confirms that this one is a member, and the membership cannot be read.")]
    public static partial void MembershipNotRead(this ILogger logger, Exception exception);

    [LoggerMessage(1009, LogLevel.Warning, "It is not certain that this silo is still a member: it answers for no shard until it is.")]
    public static partial void ServingSuspended(this ILogger logger);

    [LoggerMessage(1015, LogLevel.Information, "This silo is a member: it answers for its shards.")]
    public static partial void Serving(this ILogger logger);

    [LoggerMessage(1016, LogLevel.Warning, "Waiting {Seconds:0} s at most to join. {Reason}")]
    public static partial void WaitingToJoin(this ILogger logger, double seconds, string reason);

    [LoggerMessage(
        1041,
        LogLevel.Warning,
        "The longest value (--max-item) is {Bytes} bytes here and {OtherBytes} at silo '{Other}': longer ones than a silo takes are "
        + "lost when their shard moves there.")]
    public static partial void MaxValueDiffers(this ILogger logger, int bytes, string other, int otherBytes);

    [LoggerMessage(
        1017,
        LogLevel.Warning,
        "The clock of silo {Silo} is {Seconds:0.0} s {Direction} this one's, now or since its start: entries that move between "
        + "them expire so much too early or too late. Set the clocks, then restart the silo that was wrong.")]
    public static partial void ClocksDiffer(this ILogger logger, SiloAddress silo, double seconds, string direction);

    [LoggerMessage(1040, LogLevel.Warning, "Silo {Silo} answers {Relay}, and not this silo: what this one has for it goes through that.")]
    public static partial void CutOff(this ILogger logger, SiloAddress silo, SiloAddress relay);

    [LoggerMessage(1019, LogLevel.Information, "Silo {Silo} answers this silo again.")]
    public static partial void ReachedAgain(this ILogger logger, SiloAddress silo);

    [LoggerMessage(1010, LogLevel.Information, "Leaving: {Shards} shards go to other silos, within {HandOffTime}.")]
    public static partial void Leaving(this ILogger logger, int shards, TimeSpan handOffTime);

    [LoggerMessage(1011, LogLevel.Information, "Leaving: {Shards} shards and about {Bytes} bytes are left.")]
    public static partial void HandingOff(this ILogger logger, int shards, long bytes);

    [LoggerMessage(1012, LogLevel.Information, "Left everything to other silos in {Seconds:0.0} s.")]
    public static partial void HandedOff(this ILogger logger, double seconds);

    [LoggerMessage(1013, LogLevel.Warning, "{Shards} shards were not taken over within {HandOffTime}: their entries are lost.")]
    public static partial void HandOffIncomplete(this ILogger logger, int shards, TimeSpan handOffTime);

    [LoggerMessage(1014, LogLevel.Information, "No other silo is there to take over: the entries of {Shards} shards end with this one.")]
    public static partial void NobodyTakesOver(this ILogger logger, int shards);

    [LoggerMessage(1020, LogLevel.Information, "Saving {Shards} shards, about {Bytes} bytes, to '{File}'.")]
    public static partial void Saving(this ILogger logger, int shards, long bytes, string file);

    [LoggerMessage(1021, LogLevel.Information, "Saving: {Written} of about {Bytes} bytes are in '{File}'.")]
    public static partial void SavingGoesOn(this ILogger logger, long written, long bytes, string file);

    [LoggerMessage(1022, LogLevel.Information, "Saved {Entries} entries, {Bytes} bytes, to '{File}' in {Seconds:0.0} s.")]
    public static partial void Saved(this ILogger logger, long entries, long bytes, string file, double seconds);

    [LoggerMessage(1023, LogLevel.Error, "Nothing was saved to '{File}', and the entries end with this silo: {Reason}")]
    public static partial void SavingFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(1024, LogLevel.Error, "Nothing was saved to '{File}', and the entries end with this silo: it has taken {Seconds:0.0} s, and a stop has no more time.")]
    public static partial void SavingTookTooLong(this ILogger logger, string file, double seconds);

    [LoggerMessage(1025, LogLevel.Information, "Another silo has joined and takes over: nothing is saved to '{File}'.")]
    public static partial void SavingEnded(this ILogger logger, string file);

    [LoggerMessage(1030, LogLevel.Information, "Loading {Bytes} bytes from '{File}', saved at {SavedAt:u}.")]
    public static partial void Loading(this ILogger logger, long bytes, string file, DateTimeOffset savedAt);

    [LoggerMessage(1031, LogLevel.Information, "Loading: {Read} of {Bytes} bytes are read.")]
    public static partial void LoadingGoesOn(this ILogger logger, long read, long bytes);

    [LoggerMessage(1032, LogLevel.Information, "Loaded {Entries} of {SavedEntries} entries from '{File}' in {Seconds:0.0} s, and deleted it.")]
    public static partial void Loaded(this ILogger logger, long entries, long savedEntries, string file, double seconds);

    [LoggerMessage(1033, LogLevel.Error, "'{File}' is {Reason} and is not loaded; it is now '{Aside}'. The cache begins empty.")]
    public static partial void NotLoaded(this ILogger logger, string file, string reason, string aside);

    [LoggerMessage(1034, LogLevel.Error, "'{File}' could not be read: {Reason}")]
    public static partial void LoadingFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(1035, LogLevel.Warning, "'{File}' is not loaded but deleted: other silos are there, and what they hold is newer.")]
    public static partial void ClusterIsNewer(this ILogger logger, string file);

    [LoggerMessage(1036, LogLevel.Warning, "'{File}' is not loaded but deleted: other silos have served since it was saved.")]
    public static partial void ClusterWentOn(this ILogger logger, string file);

    [LoggerMessage(1037, LogLevel.Warning, "What was loaded is dropped: other silos were active before this one.")]
    public static partial void SavedIsDropped(this ILogger logger);

    [LoggerMessage(1041, LogLevel.Information, "Silo {Silo} does not tell of changes now ({Reason}): its entries are not copied here.")]
    public static partial void SiloDoesNotTell(this ILogger logger, string silo, string reason);
}
