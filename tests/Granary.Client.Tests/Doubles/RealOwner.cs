using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

/// <summary>A silo's store of one shard: reads, sets and deletions are executed as a silo does.</summary>
internal sealed class RealOwner : IDisposable
{
    private readonly CacheStore _store;

    public RealOwner(TimeProvider time)
    {
        _store = new CacheStore(new StoreOptions { MemoryLimitBytes = 64 << 20, ShardCount = 1 }, time);
        _store.Open(0);
    }

    public FakeReply Execute(in PackedOperation operation)
    {
        var sink = default(Sink);
        ulong cas = 0;
        StoreResult result = operation.Operation switch
        {
            CacheOperation.Get => _store.Get(0, operation.Key, ref sink),
            CacheOperation.Delete => _store.Delete(0, operation.Key),
            CacheOperation.Set => _store.Put(
                0,
                PutMode.Set,
                operation.Key,
                operation.Value,
                operation.Flags,
                new Granary.Store.Entries.Expiration(operation.Expiration).Sliding(operation.Window),
                0,
                out cas),
            _ => throw new NotSupportedException($"{operation.Operation}"),
        };
        CacheStatus status = result == StoreResult.Success ? CacheStatus.Success : CacheStatus.NotFound;
        return new FakeReply(status, new FakeEntry(sink.Value ?? [], 0, cas));
    }

    public void Dispose() => _store.Dispose();

    private struct Sink : IEntrySink
    {
        public byte[]? Value { get; private set; }

        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) => Value = value.ToArray();

        public void Accept(in EntryInfo entry, PinnedValue value)
        {
            using (value)
            {
                Value = new byte[value.Length];
                value.CopyTo(0, Value);
            }
        }
    }
}
