using Granary.Reports;

namespace Granary.Administration.State;

/// <summary>Something that has happened.</summary>
/// <param name="At">When. UTC milliseconds.</param>
/// <param name="Silo">To whom.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">The same in a sentence.</param>
public sealed record HappenedState(long At, string Silo, ClusterEventKind Kind, string Text);
