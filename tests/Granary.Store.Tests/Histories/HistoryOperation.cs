using Granary.Store.Entries;

namespace Granary.Store.Tests.Histories;

/// <summary>One operation on a key: what was asked, and what was answered.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="Argument">The value, or what is put behind it.</param>
/// <param name="Compare">The cas that the entry must have.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Value">What was read or counted.</param>
/// <param name="Cas">The entry's on success.</param>
/// <param name="Start">When it was asked: all starts and ends of a key are different, and in order.</param>
/// <param name="End">When it was answered.</param>
internal sealed record HistoryOperation(
    HistoryCommand Command,
    string Argument,
    ulong Compare,
    StoreResult Result,
    string? Value,
    ulong Cas,
    long Start,
    long End);
