using Granary.Reports;

namespace Granary.Administration.Reading;

/// <summary>A silo, and what it told.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Report"><see langword="null"/>: it did not answer.</param>
public sealed record SiloReading(ServedSilo Silo, SiloReport? Report);
