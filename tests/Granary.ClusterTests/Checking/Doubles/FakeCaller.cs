using Granary.ClusterTests.Checking.Callers;

namespace Granary.ClusterTests.Checking.Doubles;

/// <summary>A caller whose answers a test makes.</summary>
internal sealed class FakeCaller(Func<Operation, Reply> execute) : ICaller
{
    public Protocol Protocol => Protocol.Memcached;

    public long Reconnects => 0;

    public ValueTask<Reply> ExecuteAsync(Operation operation) => new(execute(operation));

    public void Abandon()
    {
    }

    public void Dispose()
    {
    }
}
