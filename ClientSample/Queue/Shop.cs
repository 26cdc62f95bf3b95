namespace Granary.ClientSample.Queue;

/// <summary>The world that the workers work in: what is broken in it, and what they have done.</summary>
internal sealed class Shop
{
    /// <summary>An order that breaks every worker, until somebody mends the code.</summary>
    public int PoisonedNumber { get; set; } = 7;

    /// <summary>Whether a worker dies in the middle of its first order.</summary>
    public bool Crashes { get; init; }
}
