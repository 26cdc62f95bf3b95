using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Client.Tests.Doubles;

/// <summary>
/// A silo's store of one shard: operations are executed as a silo does. What still comes when the test is over finds nothing.
/// </summary>
internal sealed class RealOwner : IDisposable
{
    private readonly Lock _lock = new();
    private bool _isDisposed;

    public RealOwner(TimeProvider time)
    {
        Store = new CacheStore(new StoreOptions { MemoryLimitBytes = 64 << 20, ShardCount = 1 }, time);
        Store.Open(0);
    }

    public CacheStore Store { get; }

    public FakeReply Execute(in PackedOperation operation)
    {
        lock (_lock)
        {
            return _isDisposed ? new FakeReply(CacheStatus.NotFound) : Execute_NeedsLock(operation);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Store.Dispose();
        }
    }

    private FakeReply Execute_NeedsLock(in PackedOperation operation)
    {
        if (operation.Operation == CacheOperation.ReadWith)
        {
            return ReadWith(operation);
        }

        var sink = default(Sink);
        ulong cas = 0;
        ulong number = 0;
        StoreResult result = operation.Operation switch
        {
            CacheOperation.Get => Store.Get(0, operation.Key, ref sink),
            CacheOperation.GetAndTouch => Store.GetAndTouch(0, operation.Key, new(operation.Expiration), ref sink),
            CacheOperation.Touch => Store.Touch(0, operation.Key, new(operation.Expiration)),
            CacheOperation.Delete => Store.Delete(0, operation.Key),
            CacheOperation.Increment => Store.Increment(0, operation.Key, operation.Number, false, out number, out cas),
            CacheOperation.Decrement => Store.Increment(0, operation.Key, operation.Number, true, out number, out cas),
            CacheOperation.PutWith => PutWith(operation, out cas),
            _ => Store.Put(
                0,
                Enum.Parse<PutMode>($"{operation.Operation}"),
                operation.Key,
                operation.Value,
                operation.Flags,
                new Granary.Store.Entries.Expiration(operation.Expiration).Sliding(operation.Window),
                operation.Number,
                out cas),
        };
        return new FakeReply(
            Enum.Parse<CacheStatus>($"{result}"),
            new FakeEntry(sink.Value ?? [], sink.Entry.Flags, sink.Value is null ? cas : sink.Entry.Cas),
            number);
    }

    // As a silo reads for those who keep the value.
    private FakeReply ReadWith(in PackedOperation operation)
    {
        var sink = default(KeptSink);
        StoreResult result = Store.Read(
            0, operation.Key, new ReadOptions { WantsValue = true, Watches = operation.Options.Has(OperationBits.Watches) }, ref sink);
        long expiresAt = sink.Details.Entry.ExpiresAt;
        return new FakeReply(
            Enum.Parse<CacheStatus>($"{result}"),
            new FakeEntry(sink.Value ?? [], sink.Details.Entry.Flags, sink.Details.Entry.Cas),
            expiresAt == 0 ? 0 : (ulong)(expiresAt - Store.UnixMilliseconds))
        {
            State = new EntryState { Bits = sink.Details.IsWatched ? StateBits.Watched : StateBits.None },
            Tags = sink.Details.Tags,
        };
    }

    private StoreResult PutWith(in PackedOperation operation, out ulong cas)
    {
        var options = new PutOptions
        {
            Mode = Enum.Parse<PutMode>($"{operation.Options.Mode}"),
            Flags = operation.Flags,
            Expiration = new Granary.Store.Entries.Expiration(operation.Expiration).Sliding(operation.Window),
            Compare = operation.Options.Compare,
            Tags = new EntryTags(operation.Options.Tags),
        };
        StoreResult result = Store.Put(0, operation.Key, operation.Value, options, out PutOutcome outcome);
        cas = outcome.Cas;
        return result;
    }

    private struct KeptSink : IReadSink
    {
        public EntryDetails Details { get; private set; }

        public byte[]? Value { get; private set; }

        public readonly bool Takes(int valueLength, bool isPinned) => true;

        public void Accept(in EntryDetails details, ReadOnlySpan<byte> value)
        {
            Details = details;
            Value = value.ToArray();
        }

        public readonly void Accept(in EntryDetails details, PinnedValue value) => value.Dispose();
    }

    private struct Sink : IEntrySink
    {
        public EntryInfo Entry { get; private set; }

        public byte[]? Value { get; private set; }

        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
        {
            Entry = entry;
            Value = value.ToArray();
        }

        public void Accept(in EntryInfo entry, PinnedValue value)
        {
            using (value)
            {
                Entry = entry;
                Value = new byte[value.Length];
                value.CopyTo(0, Value);
            }
        }
    }
}
