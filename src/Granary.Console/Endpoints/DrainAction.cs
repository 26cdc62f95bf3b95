namespace Granary.Console.Endpoints;

/// <summary>That a silo is to hand over what it has, and to end.</summary>
/// <param name="Silo">Its name.</param>
internal sealed record DrainAction(string Silo);
