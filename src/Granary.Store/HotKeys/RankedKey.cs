namespace Granary.Store.HotKeys;

/// <summary>A key of one or both windows, and its uses in both.</summary>
/// <param name="Window">A window that has it.</param>
/// <param name="Index">Its counter there.</param>
/// <param name="Reads">Sampled reads.</param>
/// <param name="Writes">Sampled writes.</param>
internal readonly record struct RankedKey(SpaceSaving Window, int Index, int Reads, int Writes)
{
    public int Uses => Reads + Writes;
}
