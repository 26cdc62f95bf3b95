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

    [LoggerMessage(1003, LogLevel.Debug, "Shard {Shard} opens in the background.")]
    public static partial void OpeningInBackground(this ILogger logger, int shard);

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
}
