namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>What an object of a trace takes, and so what a budget counts.</summary>
internal enum Sizing
{
    /// <summary>Each the same: budgets are in objects.</summary>
    Unit,

    /// <summary>Its size in the trace: budgets are in bytes.</summary>
    Real,
}
