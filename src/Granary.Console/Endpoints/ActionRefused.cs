namespace Granary.Console.Endpoints;

/// <summary>Why nothing was done.</summary>
/// <param name="Error">A sentence.</param>
internal sealed record ActionRefused(string Error);
