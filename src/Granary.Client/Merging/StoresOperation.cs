using System.Threading.Tasks.Sources;
using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>A store of many entries, which succeeds if all do.</summary>
internal sealed class StoresOperation : PendingOperation, IValueTaskSource
{
    private int _failure; // the first CacheStatus that is no success, 0 if none

    public ValueTask Task => new(this, Version);

    public static StoresOperation Start(int slots, long deadline, CancellationToken cancellationToken)
    {
        StoresOperation operation = OperationPool<StoresOperation>.Rent();
        operation.Begin(CacheOperation.Set, slots, deadline, cancellationToken);
        return operation;
    }

    public override void Answer(int slot, in OperationReply reply)
    {
        if (reply.Status != CacheStatus.Success)
        {
            Interlocked.CompareExchange(ref _failure, (int)reply.Status, 0);
        }
    }

    public void GetResult(short token)
    {
        _ = GetStatus(token);
        CacheStatus failure;
        try
        {
            Take(token);
            failure = (CacheStatus)_failure;
        }
        finally
        {
            LetGo();
        }

        if (failure != CacheStatus.None)
        {
            throw Outcome.Refused(failure, "one of the keys");
        }
    }

    protected override void Return()
    {
        _failure = 0;
        OperationPool<StoresOperation>.Return(this);
    }
}
