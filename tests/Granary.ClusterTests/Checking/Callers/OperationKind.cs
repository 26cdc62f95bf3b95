namespace Granary.ClusterTests.Checking.Callers;

/// <summary>What an <see cref="Operation"/> does.</summary>
internal enum OperationKind
{
    /// <summary>Not an operation.</summary>
    None = 0,
    Get,
    Set,
    Add,
    Append,
    CompareAndSet,
    Increment,
    Touch,
    Delete,
}
