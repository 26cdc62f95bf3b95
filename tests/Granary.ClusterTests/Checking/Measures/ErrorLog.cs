using Granary.ClusterTests.Checking.Callers;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>The operations that failed: all are counted, the first many are kept. Thread-safe.</summary>
internal sealed class ErrorLog
{
    private const int MostKept = 100_000;

    private readonly Lock _lock = new();
    private readonly List<OperationError> _errors = [];
    private readonly long[,] _counts = new long[Enum.GetValues<Protocol>().Length, Enum.GetValues<ErrorKind>().Length];

    public long Count { get; private set; }

    /// <summary>In the order of their ends.</summary>
    public IReadOnlyList<OperationError> Errors => _errors;

    public long this[Protocol protocol, ErrorKind kind] => _counts[(int)protocol, (int)kind];

    public void Add(OperationError error)
    {
        lock (_lock)
        {
            Count++;
            _counts[(int)error.Protocol, (int)error.Kind]++;
            if (_errors.Count < MostKept)
            {
                _errors.Add(error);
            }
        }
    }
}
