namespace Granary.CommandLine.Verbs;

/// <summary>What a verb did, as JSON.</summary>
/// <param name="Action">The verb.</param>
/// <param name="About">To what.</param>
/// <param name="Count">How many of it; 1 of what is one.</param>
internal sealed record ActionResult(string Action, string About, long Count);
