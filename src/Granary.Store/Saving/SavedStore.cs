using System.Buffers.Binary;
using Granary.Store.Copies;

namespace Granary.Store.Saving;

// A head, then the frames of each shard's feed as another silo would get them, each in a block with a checksum, then a
// block that says that this was all. So the ages of the entries come along, and a smaller store keeps the ones used last,
// as after a move between silos.
//
// It is read once, block by block, into closed shards. A damaged block is found before anything of it is applied; what
// was applied before it is cleared again. Rejected: reading the file twice, checking first, which takes a half longer for
// the sake of a case that hardly comes.

/// <summary>The entries of a store as a stream of bytes, for a restart.</summary>
public static class SavedStore
{
    /// <summary>Writes shards that are closed, so that nobody changes them meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="shards">Their numbers.</param>
    /// <param name="origin">What is to be known when it is read; at most <see cref="SavedHeader.MaxOriginBytes"/>.</param>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Gets the bytes written so far, after each block of at most 512 KiB.</param>
    /// <param name="cancellationToken">Ends it; what was written is worth nothing.</param>
    /// <returns>Entries written; -1 if a shard was cleared meanwhile, and what was written is worth nothing.</returns>
    /// <exception cref="IOException">The target could not be written.</exception>
    public static long Write(
        CacheStore store,
        IEnumerable<int> shards,
        string origin,
        Stream target,
        Action<long>? progress,
        CancellationToken cancellationToken)
    {
        var header = new SavedHeader(store.Options.ShardCount, store.Core.Clock.UnixMilliseconds, origin);
        header.Write(target);
        var writer = new BlockWriter(target, header.Hash);
        long entries = 0;
        foreach (int shard in shards)
        {
            using ShardFeed feed = store.OpenFeed(shard);
            while (feed.Read(writer.Payload) is > 0 and int length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.Write(BlockKind.Frame, length);
                progress?.Invoke(writer.Written);
            }

            if (feed.IsBroken)
            {
                return -1;
            }

            entries += feed.EntriesRead;
        }

        BinaryPrimitives.WriteInt64LittleEndian(writer.Payload, entries);
        writer.Write(BlockKind.End, sizeof(long));
        return entries;
    }

    /// <summary>Reads the head.</summary>
    /// <param name="source">From the first byte.</param>
    /// <param name="outcome">Loaded, so far, if there is a head; else why not.</param>
    /// <returns><see langword="null"/> if the rest cannot be read.</returns>
    /// <exception cref="IOException">The source could not be read.</exception>
    public static SavedHeader? ReadHeader(Stream source, out LoadOutcome outcome) => SavedHeader.Read(source, out outcome);

    /// <summary>Reads the rest into a store whose shards are all closed and empty.</summary>
    /// <param name="store">The store.</param>
    /// <param name="header">What <see cref="ReadHeader"/> returned.</param>
    /// <param name="source">Where that has left it.</param>
    /// <param name="shardOf">The shard of a key in this store, for a source with another number of shards.</param>
    /// <param name="progress">Gets the bytes read so far, after each block of at most 512 KiB.</param>
    /// <param name="cancellationToken">Ends it, and clears the store.</param>
    /// <exception cref="IOException">The source could not be read. The store is cleared.</exception>
    public static LoadResult Load(
        CacheStore store,
        SavedHeader header,
        Stream source,
        Func<ReadOnlySpan<byte>, int> shardOf,
        Action<long>? progress,
        CancellationToken cancellationToken)
    {
        var result = new LoadResult(LoadOutcome.Damaged, 0, 0);
        try
        {
            var reader = new BlockReader(source, header.Hash);
            Resharder? resharder = header.ShardCount == store.Options.ShardCount ? null : new Resharder(store, shardOf);
            LoadOutcome outcome = Load(store, reader, resharder, progress, cancellationToken);
            result = outcome == LoadOutcome.Loaded
                ? new LoadResult(
                    outcome,
                    BinaryPrimitives.ReadInt64LittleEndian(reader.Payload),
                    store.GetStatistics().ClosedEntries)
                : new LoadResult(outcome, 0, 0);
            return result;
        }
        finally
        {
            for (int shard = 0; shard < store.Options.ShardCount && result.Outcome != LoadOutcome.Loaded; shard++)
            {
                store.Clear(shard);
            }
        }
    }

    /// <summary>Marks it as used, so that it is never loaded again.</summary>
    /// <param name="target">From the first byte.</param>
    /// <exception cref="IOException">The target could not be written.</exception>
    public static void MarkUsed(Stream target) => target.Write(SavedHeader.UsedMagic);

    private static LoadOutcome Load(
        CacheStore store,
        BlockReader reader,
        Resharder? resharder,
        Action<long>? progress,
        CancellationToken cancellationToken)
    {
        while (reader.TryRead())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(reader.Read);
            if (reader.Kind == BlockKind.End)
            {
                resharder?.Finish();
                return reader.Payload.Length == sizeof(long) && reader.IsAtEnd ? LoadOutcome.Loaded : LoadOutcome.Damaged;
            }

            ApplyOutcome outcome = resharder?.Apply(reader.Payload) ?? ApplyAsItIs(store, reader.Payload);
            if (outcome != ApplyOutcome.Applied)
            {
                return outcome == ApplyOutcome.UnknownVersion ? LoadOutcome.UnknownVersion : LoadOutcome.Damaged;
            }
        }

        return LoadOutcome.Damaged;
    }

    private static ApplyOutcome ApplyAsItIs(CacheStore store, ReadOnlySpan<byte> frame) =>
        FrameHeader.TryRead(frame, out FrameHeader header) && header.Shard < store.Options.ShardCount
            ? store.Apply(header.Shard, frame).Outcome
            : FrameHeader.HasKnownVersion(frame) ? ApplyOutcome.Malformed : ApplyOutcome.UnknownVersion;
}
