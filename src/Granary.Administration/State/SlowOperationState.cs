namespace Granary.Administration.State;

/// <summary>An operation that took long.</summary>
/// <param name="At">When it was answered. UTC milliseconds.</param>
/// <param name="Silo">That was asked.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="Key">Of which key: a text, or base 64.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Why">What it waited for.</param>
public sealed record SlowOperationState(long At, string Silo, string Operation, string Key, double Milliseconds, string Why);
