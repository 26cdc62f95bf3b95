using Granary.Memcached.Protocol;
using Granary.Store;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

// A walk over the shards that are open here. What is there all the time is listed once, unless a shard leaves and comes
// back meanwhile; what comes or goes meanwhile may be listed or not.

/// <summary>A list of this silo's keys on its way to the client, a page at a time. One thread.</summary>
/// <param name="store">Whose keys they are.</param>
/// <param name="form">How they are listed.</param>
/// <param name="limit">How many are, at most.</param>
internal sealed class KeyDump(CacheStore store, KeyDumpForm form, long limit = long.MaxValue) : ILongAnswer
{
    // While a page is read its shard's operations wait, and while it is written the loop's other connections.
    private const int EntriesPerPage = 128;

    private static readonly ReadOptions Look = new() { WantsUse = true, IsNoUse = true, IsInspection = true };

    private readonly KeyDumpWriter _writer = new(store, form);
    private readonly List<byte[]> _keys = [];
    private long _left = limit;
    private ScanPosition _position;
    private int _shard;

    /// <inheritdoc/>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public void Write(OutputBuffer output, int enoughBytes)
    {
        while (_shard < store.Options.ShardCount && _left > 0)
        {
            if (output.Length >= enoughBytes)
            {
                return;
            }

            WritePage(output);
        }

        output.Write(form == KeyDumpForm.MetaGets ? Reply.MetaEnd : Reply.End);
        IsDone = true;
    }

    private void WritePage(OutputBuffer output)
    {
        _keys.Clear();
        StoreResult result = store.Scan(_shard, prefix: default, ref _position, EntriesPerPage, _keys);
        foreach (byte[] key in _keys)
        {
            var sink = new DetailsSink();
            if (_left > 0 && store.Read(_shard, key, Look, ref sink) == StoreResult.Success
                && _writer.TryWrite(key, sink.Details, output))
            {
                _left--;
            }
        }

        if (result != StoreResult.Success || _position.IsEnd)
        {
            _shard++;
            _position = default;
        }
    }

    private struct DetailsSink : IReadSink
    {
        public EntryDetails Details { get; private set; }

        public readonly bool Takes(int valueLength, bool isPinned) => true;

        public void Accept(in EntryDetails details, ReadOnlySpan<byte> value) => Details = details;

        public void Accept(in EntryDetails details, PinnedValue value)
        {
            Details = details;
            value.Dispose();
        }
    }
}
