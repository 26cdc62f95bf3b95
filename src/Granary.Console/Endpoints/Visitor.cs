namespace Granary.Console.Endpoints;

/// <summary>Who looks, and through which silo.</summary>
/// <param name="Name">Of the token.</param>
/// <param name="Role">viewer or operator.</param>
/// <param name="Open">Whether nobody has to log in here.</param>
/// <param name="Silo">The silo.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Links">Where else to go.</param>
internal sealed record Visitor(string Name, string Role, bool Open, string Silo, string Version, VisitorLinks Links);
