namespace Granary.ClientSample.Pi;

/// <summary>What a run of the sample is like.</summary>
/// <param name="Silo">Where to connect.</param>
/// <param name="Samples">Points that are thrown.</param>
/// <param name="Judges">Workers that judge them.</param>
/// <param name="HasChaos">Whether a judge is stopped without a word in the middle, and another comes.</param>
/// <param name="HasPoison">Whether there is a sample that no judge can read.</param>
internal sealed record PiOptions(string Silo, int Samples, int Judges, bool HasChaos, bool HasPoison);
