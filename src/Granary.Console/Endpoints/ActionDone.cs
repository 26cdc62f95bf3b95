namespace Granary.Console.Endpoints;

/// <summary>What was done.</summary>
/// <param name="Count">To how many.</param>
/// <param name="More">Whether there may be more.</param>
internal sealed record ActionDone(int Count, bool More);
