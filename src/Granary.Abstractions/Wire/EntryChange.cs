namespace Granary.Wire;

/// <summary>A change of what clients keep.</summary>
/// <param name="Kind">What has happened.</param>
/// <param name="Subject">To what.</param>
/// <param name="Cas">The cas of the changed entry: a value that came with it is the new one. 0: none is.</param>
[GenerateSerializer, Immutable, Alias("granary.EntryChange")]
public readonly record struct EntryChange(
    [property: Id(0)] EntryChangeKind Kind, [property: Id(1)] ulong Subject, [property: Id(2)] ulong Cas);
