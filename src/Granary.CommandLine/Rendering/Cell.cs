namespace Granary.CommandLine.Rendering;

/// <summary>A field of a table.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Normal)
{
    public static implicit operator Cell(string text) => new(text);
}
