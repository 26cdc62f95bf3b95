namespace Granary.Silo.StartLine;

/// <summary>One flag of memcached's command line.</summary>
/// <param name="Letter">Its short form, without the dash.</param>
/// <param name="LongName">Its long form, without the dashes; <see langword="null"/> for none.</param>
/// <param name="ValueName">What its value is, for the help; <see langword="null"/> if it has none.</param>
/// <param name="Meaning">What it does here.</param>
/// <param name="Apply">Does it, with the value: once for each time that the flag is given, in their order.</param>
internal sealed record MemcachedFlag(
    char Letter, string? LongName, string? ValueName, string Meaning, Action<Translation, string> Apply);
