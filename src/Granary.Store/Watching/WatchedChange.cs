namespace Granary.Store.Watching;

/// <summary>One item of a <see cref="ChangeLog"/>.</summary>
/// <param name="Kind">What has happened.</param>
/// <param name="Subject">To what.</param>
/// <param name="Cas">The cas that clients see of the changed entry; 0 if it has gone, or it is not its value that changed.</param>
public readonly record struct WatchedChange(WatchedChangeKind Kind, ulong Subject, ulong Cas);
