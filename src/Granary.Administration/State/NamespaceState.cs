namespace Granary.Administration.State;

/// <summary>A namespace, over all silos that answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prefix">What its keys begin with.</param>
/// <param name="IsBinary">Whether that is base 64, because it is no text.</param>
/// <param name="QuotaBytes">What it may take in the cluster; 0 for no bound.</param>
/// <param name="Entries">Entries.</param>
/// <param name="EntryBytes">Keys, values and headers of those.</param>
/// <param name="ReadsPerSecond">Reads of its keys; <see langword="null"/> after one reading.</param>
/// <param name="HitRatio">0 to 1, of those; <see langword="null"/> if there were none.</param>
/// <param name="EvictionsPerSecond">Entries dropped because there was no room; <see langword="null"/> after one reading.</param>
public sealed record NamespaceState(
    string Name,
    string Prefix,
    bool IsBinary,
    long QuotaBytes,
    long Entries,
    long EntryBytes,
    double? ReadsPerSecond,
    double? HitRatio,
    double? EvictionsPerSecond);
