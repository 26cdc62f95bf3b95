using System.Globalization;
using System.Text;
using Granary.ClusterTests.Checking.Callers;

namespace Granary.ClusterTests.Checking.Doubles;

/// <summary>A cache that does what it says; tests make it lie. One thread.</summary>
internal sealed class FakeCache(TimeProvider timeProvider)
{
    private ulong _cas;

    public Dictionary<string, FakeEntry> Entries { get; } = new(StringComparer.Ordinal);

    public static string NameOf(in Operation operation) => Encoding.ASCII.GetString(operation.Key.Span);

    public Reply Execute(Operation operation)
    {
        string key = NameOf(operation);
        FakeEntry? entry = Entries.GetValueOrDefault(key);
        entry = entry is not null && entry.Expires > timeProvider.GetUtcNow() ? entry : null;
        return operation.Kind switch
        {
            OperationKind.Get when entry is not null =>
                new Reply(Answer.Done, entry.Value, entry.Flags, entry.Cas),
            OperationKind.Set => Store(key, operation),
            OperationKind.Add when entry is null => Store(key, operation),
            OperationKind.CompareAndSet when entry is not null =>
                entry.Cas == operation.Cas ? Store(key, operation) : new Reply(Answer.Conflict),
            OperationKind.Append when entry is not null =>
                Change(key, entry with { Value = [.. entry.Value, .. operation.Value.Span] }),
            OperationKind.Increment when entry is not null => Increment(key, entry),
            OperationKind.Touch when entry is not null => Touch(key, entry, operation.LifetimeSeconds),
            OperationKind.Delete when entry is not null => Entries.Remove(key) ? Reply.Done() : Reply.NotDone(),
            _ => Reply.NotDone(),
        };
    }

    private Reply Store(string key, in Operation operation) => Change(
        key,
        new FakeEntry(operation.Value.ToArray(), operation.Flags, 0, TimeOf(operation.LifetimeSeconds)));

    private Reply Increment(string key, FakeEntry entry)
    {
        ulong number = ulong.Parse(entry.Value, CultureInfo.InvariantCulture) + 1;
        Change(key, entry with { Value = Encoding.ASCII.GetBytes($"{number}") });
        return new Reply(Answer.Done, Number: number);
    }

    private Reply Touch(string key, FakeEntry entry, int seconds)
    {
        Entries[key] = entry with { Expires = TimeOf(seconds) };
        return Reply.Done();
    }

    private Reply Change(string key, FakeEntry entry)
    {
        Entries[key] = entry with { Cas = ++_cas };
        return Reply.Done();
    }

    private DateTimeOffset TimeOf(int seconds) =>
        seconds == 0 ? DateTimeOffset.MaxValue : timeProvider.GetUtcNow().AddSeconds(seconds);
}
