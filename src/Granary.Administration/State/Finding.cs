namespace Granary.Administration.State;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">What it is, for programs.</param>
/// <param name="Text">What it is, in a sentence.</param>
/// <param name="Hint">What to do, in a sentence; <see langword="null"/>: nothing.</param>
/// <param name="About">cluster, silo:NAME, queue:NAME or key:NAME.</param>
public sealed record Finding(FindingSeverity Severity, string Code, string Text, string? Hint, string About);
