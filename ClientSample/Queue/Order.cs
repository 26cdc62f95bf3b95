namespace Granary.ClientSample.Queue;

/// <summary>What is ordered.</summary>
internal sealed record Order(int Number, string Customer, decimal Amount);
