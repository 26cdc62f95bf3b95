using System.Globalization;
using Granary.Store.Entries;

namespace Granary.Store.Tests.Histories;

/// <summary>One key as a store of one thread would have it.</summary>
/// <param name="Value">The value; <see langword="null"/> if the key is absent.</param>
/// <param name="Cas">Its cas.</param>
internal readonly record struct EntryState(string? Value, ulong Cas)
{
    /// <summary>Does an operation.</summary>
    /// <returns><see langword="false"/> if the answer that it got cannot be the answer in this state.</returns>
    public bool TryApply(HistoryOperation operation, out EntryState next)
    {
        next = operation is { Result: StoreResult.Success, Command: not HistoryCommand.Get } ? After(operation) : this;
        return operation.Result == ResultOf(operation)
            && (operation.Result != StoreResult.Success || operation.Command switch
            {
                HistoryCommand.Get => operation.Value == Value && operation.Cas == Cas,
                HistoryCommand.Increment => operation.Value == next.Value,
                _ => true,
            });
    }

    private StoreResult ResultOf(HistoryOperation operation) => operation.Command switch
    {
        HistoryCommand.Set => StoreResult.Success,
        HistoryCommand.Append when Value is null => StoreResult.NotStored,
        _ when Value is null => StoreResult.NotFound,
        HistoryCommand.Increment when !ulong.TryParse(Value, CultureInfo.InvariantCulture, out _) => StoreResult.NotNumeric,
        HistoryCommand.CompareAndSet when operation.Compare != Cas => StoreResult.Exists,
        _ => StoreResult.Success,
    };

    private EntryState After(HistoryOperation operation) => operation.Command switch
    {
        HistoryCommand.Delete => default,
        HistoryCommand.Append => new EntryState(Value + operation.Argument, operation.Cas),
        HistoryCommand.Increment => new EntryState(Incremented(), operation.Cas),
        _ => new EntryState(operation.Argument, operation.Cas),
    };

    private string? Incremented() => ulong.TryParse(Value, CultureInfo.InvariantCulture, out ulong number)
        ? (number + 1).ToString(CultureInfo.InvariantCulture)
        : null;
}
