using Granary.Client;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Operations by the .NET client, which has its own deadline and its own repetitions.</summary>
internal sealed class ClientCaller(IGranaryCache cache) : ICaller
{
    public Protocol Protocol => Protocol.DotNet;

    public long Reconnects => 0;

    public async ValueTask<Reply> ExecuteAsync(Operation operation)
    {
        try
        {
            return await CallAsync(operation);
        }
        catch (GranaryUnavailableException error)
        {
            return Reply.Refused(ErrorKind.Unavailable, Describe(error));
        }
        catch (GranaryOutcomeUnknownException error)
        {
            return Reply.Unknown(ErrorKind.OutcomeUnknown, Describe(error));
        }
        catch (Exception error) // whatever else an application would meet: it is counted as a finding
        {
            return Reply.Unknown(ErrorKind.Unexpected, $"{error.GetType().Name}: {Describe(error)}");
        }
    }

    /// <summary>Nothing: <see cref="GranaryClientOptions.OperationTimeout"/> bounds every call.</summary>
    public void Abandon()
    {
    }

    /// <summary>Nothing: the client belongs to its host.</summary>
    public void Dispose()
    {
    }

    private ValueTask<Reply> CallAsync(in Operation operation) => operation.Kind switch
    {
        OperationKind.Get => OfReadAsync(cache.GetAsync<byte[]>(operation.Key)),
        OperationKind.Set => OfSetAsync(cache.SetAsync(operation.Key, operation.Value, OptionsOf(operation))),
        OperationKind.Add => OfChangeAsync(cache.AddAsync(operation.Key, operation.Value, OptionsOf(operation))),
        OperationKind.Append => OfChangeAsync(cache.AppendAsync(operation.Key, operation.Value)),
        OperationKind.CompareAndSet => OfComparisonAsync(
            cache.CompareAndSetAsync(operation.Key, operation.Value, operation.Cas, OptionsOf(operation))),
        OperationKind.Increment => OfCountAsync(cache.IncrementAsync(operation.Key)),
        OperationKind.Touch => OfChangeAsync(cache.TouchAsync(operation.Key, ExpirationOf(operation))),
        OperationKind.Delete => OfChangeAsync(cache.DeleteAsync(operation.Key)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "Not an operation."),
    };

    private static EntryOptions OptionsOf(in Operation operation) =>
        new() { Expiration = ExpirationOf(operation), Flags = operation.Flags };

    private static Expiration ExpirationOf(in Operation operation) => operation.LifetimeSeconds == 0
        ? Expiration.Never
        : Expiration.After(TimeSpan.FromSeconds(operation.LifetimeSeconds));

    private static async ValueTask<Reply> OfReadAsync(ValueTask<CacheEntry<byte[]>> reading)
    {
        CacheEntry<byte[]> entry = await reading;
        return entry.IsHit ? new Reply(Answer.Done, entry.Value, entry.Flags, entry.Cas) : Reply.NotDone();
    }

    private static async ValueTask<Reply> OfSetAsync(ValueTask setting)
    {
        await setting;
        return Reply.Done();
    }

    private static async ValueTask<Reply> OfChangeAsync(ValueTask<bool> changing) =>
        await changing ? Reply.Done() : Reply.NotDone();

    private static async ValueTask<Reply> OfCountAsync(ValueTask<ulong?> counting) =>
        await counting is { } number ? new Reply(Answer.Done, Number: number) : Reply.NotDone();

    private static async ValueTask<Reply> OfComparisonAsync(ValueTask<CompareAndSetResult> comparing) =>
        await comparing switch
        {
            CompareAndSetResult.Stored => Reply.Done(),
            CompareAndSetResult.Exists => new Reply(Answer.Conflict),
            _ => Reply.NotDone(),
        };

    private static string Describe(Exception error) =>
        error.InnerException is { } inner ? $"{error.Message} ({inner.GetType().Name})" : error.Message;
}
