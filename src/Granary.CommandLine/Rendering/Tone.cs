namespace Granary.CommandLine.Rendering;

/// <summary>What a text is to the reader; colours say it, where there are any.</summary>
internal enum Tone
{
    Normal,

    /// <summary>It can be skipped.</summary>
    Faint,

    /// <summary>It heads what follows.</summary>
    Strong,

    Good,

    Warning,

    Bad,
}
