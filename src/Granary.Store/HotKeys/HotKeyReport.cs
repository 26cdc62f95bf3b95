namespace Granary.Store.HotKeys;

/// <summary>
/// The keys of a store that were used most in the last 10 to 20 s, from a sample of one in
/// <see cref="Entries.StoreOptions.DefaultHotKeySamplePeriod"/> of the operations on open shards.
/// </summary>
/// <param name="Window">What the figures are the mean of: up to now, and at least a second.</param>
/// <param name="OperationsPerSecond">Operations of all keys: a key's share is its own divided by these.</param>
/// <param name="MissingPerSecond">
/// How much more a key's operations may be than is said of it, and how many those of a key that has no counter: 0 while
/// no more than 256 keys are used, and never above 1/256 of all operations. The sample's own error comes on top: of n
/// operations a second, in a window of w seconds, with one in p looked at, about the square root of n * p / w.
/// </param>
/// <param name="Keys">The most used first; of a sample only those that were met at least eight times.</param>
public sealed record HotKeyReport(
    TimeSpan Window,
    double OperationsPerSecond,
    double MissingPerSecond,
    IReadOnlyList<HotKey> Keys);
