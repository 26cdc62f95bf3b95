namespace Granary.CommandLine.Rendering;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether it is aligned at the right, and of no use if it is cut off.</param>
/// <param name="Rank">Where there is no room for all, the columns of the highest rank are left out; those of 0 never.</param>
internal readonly record struct Column(string Name, bool IsNumber = true, int Rank = 0);
