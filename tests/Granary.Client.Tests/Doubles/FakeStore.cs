using System.Buffers.Text;
using System.Text;
using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

/// <summary>The entries of a pretended cluster, shared by its silos. Thread-safe.</summary>
/// <param name="owner">Has the entries and their expirations; without it the latter are only kept.</param>
internal sealed class FakeStore(RealOwner? owner = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeEntry> _entries = new(StringComparer.Ordinal);
    private ulong _cas;

    public FakeEntry? this[string key]
    {
        get
        {
            lock (_lock)
            {
                return _entries.GetValueOrDefault(key);
            }
        }

        set
        {
            lock (_lock)
            {
                _entries[key] = value!;
            }
        }
    }

    public FakeReply Execute(in PackedOperation operation)
    {
        if (owner is not null)
        {
            return owner.Execute(operation);
        }

        string key = Encoding.UTF8.GetString(operation.Key);
        lock (_lock)
        {
            FakeEntry? entry = _entries.GetValueOrDefault(key);
            return operation.Operation switch
            {
                CacheOperation.Get or CacheOperation.GetAndTouch or CacheOperation.Touch =>
                    Read_NeedsLock(key, entry, operation),
                CacheOperation.Delete => new(_entries.Remove(key) ? CacheStatus.Success : CacheStatus.NotFound),
                CacheOperation.Increment or CacheOperation.Decrement => Count_NeedsLock(key, entry, operation),
                _ => Store_NeedsLock(key, entry, operation),
            };
        }
    }

    private FakeReply Read_NeedsLock(string key, FakeEntry? entry, in PackedOperation operation)
    {
        if (entry is null)
        {
            return new(CacheStatus.NotFound);
        }

        if (operation.Operation != CacheOperation.Get)
        {
            _entries[key] = entry with { Expiration = operation.Expiration };
        }

        return new(CacheStatus.Success, entry);
    }

    private FakeReply Count_NeedsLock(string key, FakeEntry? entry, in PackedOperation operation)
    {
        if (entry is null)
        {
            return new(CacheStatus.NotFound);
        }

        if (!Utf8Parser.TryParse(entry.Value, out ulong number, out int read) || read != entry.Value.Length)
        {
            return new(CacheStatus.NotNumeric);
        }

        number = operation.Operation == CacheOperation.Increment
            ? unchecked(number + operation.Number)
            : number - Math.Min(number, operation.Number);
        byte[] digits = Encoding.ASCII.GetBytes($"{number}");
        return new(CacheStatus.Success, _entries[key] = entry with { Value = digits, Cas = ++_cas }, number);
    }

    private FakeReply Store_NeedsLock(string key, FakeEntry? entry, in PackedOperation operation)
    {
        CacheStatus refusal = (operation.Operation, entry) switch
        {
            (CacheOperation.Add, not null) => CacheStatus.NotStored,
            (CacheOperation.Replace or CacheOperation.Append or CacheOperation.Prepend, null) => CacheStatus.NotStored,
            (CacheOperation.CompareAndSet, null) => CacheStatus.NotFound,
            (CacheOperation.CompareAndSet, var present) when present.Cas != operation.Number => CacheStatus.Exists,
            _ => CacheStatus.None,
        };
        if (refusal != CacheStatus.None)
        {
            return new(refusal);
        }

        byte[] value = operation.Operation switch
        {
            CacheOperation.Append => [.. entry!.Value, .. operation.Value],
            CacheOperation.Prepend => [.. operation.Value, .. entry!.Value],
            _ => operation.Value.ToArray(),
        };
        _entries[key] = operation.Operation is CacheOperation.Append or CacheOperation.Prepend
            ? entry! with { Value = value, Cas = ++_cas }
            : new FakeEntry(value, operation.Flags, ++_cas, operation.Expiration, operation.Window);
        return new(CacheStatus.Success, _entries[key]);
    }
}
