namespace Granary.CommandLine.Rendering;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether it is aligned at the right.</param>
internal readonly record struct Column(string Name, bool IsNumber = true);
