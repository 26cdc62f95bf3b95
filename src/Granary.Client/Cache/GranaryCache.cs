using System.Buffers;
using Granary.Client.Cache;
using Granary.Client.Cache.Creation;
using Granary.Client.Cache.Leases;
using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Client.Values;
using Granary.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Client;

/// <summary>Turns calls into operations for the _router. Thread-safe.</summary>
internal sealed class GranaryCache : IGranaryCache
{
    // Larger calls go in parts, so that one call cannot fill what may wait.
    internal const int MaxKeysPerPart = 4096;

    private readonly Router _router;
    private readonly EntryCodec _codec;
    private readonly ManyReads _manyReads;
    private readonly ManyStores _manyStores;
    private readonly Creations _creations;
    private readonly KeyScanner _scanner;
    private readonly BulkRemover _remover;

    public GranaryCache(
        Router router,
        IClusterAccess cluster,
        IOptions<GranaryClientOptions> options,
        TimeProvider time,
        ILogger<GranaryCache> logger)
    {
        GranaryClientOptions values = options.Value;
        _router = router;
        _codec = new EntryCodec(new ValueCodec(values.Json, [.. values.Serializers]), values.CompressValuesFrom);
        _manyReads = new ManyReads(router, _codec);
        _manyStores = new ManyStores(this, router, _codec);
        _creations = new Creations(new GranaryLeases(this, time), time, logger);
        _scanner = new KeyScanner(router, cluster);
        _remover = new BulkRemover(router, cluster);
    }

    public ValueTask<CacheEntry<T>> GetAsync<T>(CacheKey key, CancellationToken cancellationToken = default) =>
        Read<T>(CacheOperation.Get, key, default, cancellationToken).Task;

    public ValueTask<CacheEntry<T>> GetAndTouchAsync<T>(
        CacheKey key, Expiration expiration, CancellationToken cancellationToken = default) =>
        Read<T>(CacheOperation.GetAndTouch, key, expiration, cancellationToken).Task;

    public ValueTask<CacheEntry<T>[]> GetManyAsync<T>(
        ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken = default) =>
        _manyReads.GetAsync<T>(keys, cancellationToken);

    public ValueTask<CacheEntry<T>[]> GetManyAsync<T>(
        ReadOnlySpan<string> keys, CancellationToken cancellationToken = default)
    {
        CacheKey[] rented = ArrayPool<CacheKey>.Shared.Rent(keys.Length);
        try
        {
            for (int i = 0; i < keys.Length; i++)
            {
                rented[i] = keys[i];
            }

            return GetManyAsync<T>(rented.AsSpan(0, keys.Length), cancellationToken);
        }
        finally
        {
            ArrayPool<CacheKey>.Shared.Return(rented, clearArray: true);
        }
    }

    public ValueTask SetAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default) =>
        Store(CacheOperation.Set, key, value, options, 0, cancellationToken).Done;

    public ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<CacheKey, T>> entries,
        EntryOptions options = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return _manyStores.SetAsync(
            entries.Select(entry => new NewEntry<T>(entry.Key, entry.Value, options)), cancellationToken);
    }

    public ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<string, T>> entries,
        EntryOptions options = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return _manyStores.SetAsync(
            entries.Select(entry => new NewEntry<T>(entry.Key, entry.Value, options)), cancellationToken);
    }

    public ValueTask SetManyAsync<T>(
        IEnumerable<NewEntry<T>> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return _manyStores.SetAsync(entries, cancellationToken);
    }

    public ValueTask<T> GetOrCreateAsync<T>(
        CacheKey key,
        Func<CancellationToken, ValueTask<T>> factory,
        EntryOptions options = default,
        CancellationToken cancellationToken = default) =>
        GetOrCreateAsync(
            key, factory, static (create, token) => create(token), options, cancellationToken);

    public ValueTask<T> GetOrCreateAsync<TState, T>(
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        EntryOptions options = default,
        CancellationToken cancellationToken = default)
    {
        key.ThrowIfDefault();
        ArgumentNullException.ThrowIfNull(factory);
        return _creations.GetOrCreateAsync(new TypedEntries<T>(this), key, state, factory, options, cancellationToken);
    }

    public ValueTask<bool> AddAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default) =>
        Store(CacheOperation.Add, key, value, options, 0, cancellationToken).Succeeded;

    public ValueTask<bool> ReplaceAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default) =>
        Store(CacheOperation.Replace, key, value, options, 0, cancellationToken).Succeeded;

    public ValueTask<CompareAndSetResult> CompareAndSetAsync<T>(
        CacheKey key,
        T value,
        ulong cas,
        EntryOptions options = default,
        CancellationToken cancellationToken = default) =>
        Store(CacheOperation.CompareAndSet, key, value, options, cas, cancellationToken).Compared;

    public ValueTask<bool> AppendAsync<T>(CacheKey key, T value, CancellationToken cancellationToken = default) =>
        Store(CacheOperation.Append, key, value, default, 0, cancellationToken).Succeeded;

    public ValueTask<bool> PrependAsync<T>(CacheKey key, T value, CancellationToken cancellationToken = default) =>
        Store(CacheOperation.Prepend, key, value, default, 0, cancellationToken).Succeeded;

    public ValueTask<ulong?> IncrementAsync(
        CacheKey key, ulong delta = 1, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Increment, key, 0, delta, cancellationToken).Counted;

    public ValueTask<ulong> IncrementOrCreateAsync(
        CacheKey key, ulong delta = 1, EntryOptions options = default, CancellationToken cancellationToken = default)
    {
        key.ThrowIfDefault();
        return CountAsync(key, delta, options, cancellationToken);
    }

    public ValueTask<ulong?> DecrementAsync(
        CacheKey key, ulong delta = 1, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Decrement, key, 0, delta, cancellationToken).Counted;

    public ValueTask<bool> TouchAsync(
        CacheKey key, Expiration expiration, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Touch, key, expiration.Raw, 0, cancellationToken).Succeeded;

    public ValueTask<bool> DeleteAsync(CacheKey key, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Delete, key, 0, 0, cancellationToken).Succeeded;

    public ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        _remover.RemoveTagsAsync([tag], cancellationToken);

    public ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return _remover.RemoveTagsAsync(tags, cancellationToken);
    }

    public ValueTask RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _remover.RemoveNamespaceAsync(name, cancellationToken);
    }

    public IAsyncEnumerable<CacheKey> ScanAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        byte[] bytes = prefix.Length == 0 ? [] : new CacheKey(prefix).ToArray();
        return _scanner.ScanAsync(bytes, cancellationToken);
    }

    /// <summary>As the one without cas.</summary>
    /// <returns>The entry's cas; 0 if the key was present.</returns>
    internal ValueTask<ulong> AddForCasAsync<T>(
        CacheKey key, T value, EntryOptions options, CancellationToken cancellationToken) =>
        Store(CacheOperation.Add, key, value, options, 0, cancellationToken).NewCas;

    /// <summary>As the one without cas.</summary>
    /// <returns>The entry's new cas; 0 if it had another one, or none.</returns>
    internal ValueTask<ulong> CompareAndSetForCasAsync<T>(
        CacheKey key, T value, ulong cas, EntryOptions options, CancellationToken cancellationToken) =>
        Store(CacheOperation.CompareAndSet, key, value, options, cas, cancellationToken).NewCas;

    /// <summary>Reads a value into a buffer.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Gets the value on a hit; <see langword="null"/> for a read that only counts as one.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <returns>Whether it is a hit.</returns>
    internal ValueTask<bool> CopyAsync(
        CacheKey key, IBufferWriter<byte>? destination, CancellationToken cancellationToken) =>
        Copy(key, destination, isBlocking: false, cancellationToken).Task;

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal bool Copy(CacheKey key, IBufferWriter<byte>? destination)
    {
        BufferOperation operation = Copy(key, destination, isBlocking: true, CancellationToken.None);
        return operation.GetResult(operation.Wait(_router.Deadlines));
    }

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal CacheEntry<T> Get<T>(CacheKey key)
    {
        EntryOperation<T> operation = Read<T>(
            CacheOperation.Get, key, default, CancellationToken.None, isBlocking: true);
        return operation.GetResult(operation.Wait(_router.Deadlines));
    }

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal void Set<T>(CacheKey key, T value, EntryOptions options) =>
        Store(CacheOperation.Set, key, value, options, 0, CancellationToken.None, isBlocking: true)
            .WaitDone(_router.Deadlines);

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal bool Delete(CacheKey key) =>
        Change(CacheOperation.Delete, key, 0, 0, CancellationToken.None, isBlocking: true)
            .WaitSucceeded(_router.Deadlines);

    private EntryOperation<T> Read<T>(
        CacheOperation kind,
        in CacheKey key,
        Expiration expiration,
        CancellationToken cancellationToken,
        bool isBlocking = false)
    {
        key.ThrowIfDefault();
        var operation = EntryOperation<T>.Start(_codec, kind, _router.Deadlines.Begin(), cancellationToken);
        Submit(
            operation,
            isBlocking,
            new PackedOperation
            {
                Operation = kind,
                Key = key.AsSpan(stackalloc byte[key.ScratchLength]),
                Expiration = expiration.Raw,
            });
        return operation;
    }

    private BufferOperation Copy(
        in CacheKey key, IBufferWriter<byte>? destination, bool isBlocking, CancellationToken cancellationToken)
    {
        key.ThrowIfDefault();
        var operation = BufferOperation.Start(destination, _router.Deadlines.Begin(), cancellationToken);
        Submit(
            operation,
            isBlocking,
            new PackedOperation
            {
                Operation = CacheOperation.Get,
                Key = key.AsSpan(stackalloc byte[key.ScratchLength]),
            });
        return operation;
    }

    private void Submit(PendingOperation operation, bool isBlocking, in PackedOperation packed)
    {
        if (isBlocking)
        {
            operation.Block();
        }

        _router.Submit(operation, packed);
    }

    private ChangeOperation Change(
        CacheOperation kind,
        in CacheKey key,
        long expiration,
        ulong number,
        CancellationToken cancellationToken,
        bool isBlocking = false)
    {
        key.ThrowIfDefault();
        var operation = ChangeOperation.Start(kind, key, _router.Deadlines.Begin(), cancellationToken);
        Submit(
            operation,
            isBlocking,
            new PackedOperation
            {
                Operation = kind,
                Key = key.AsSpan(stackalloc byte[key.ScratchLength]),
                Expiration = expiration,
                Number = number,
            });
        return operation;
    }

    private ChangeOperation Store<T>(
        CacheOperation kind,
        in CacheKey key,
        T value,
        in EntryOptions options,
        ulong cas,
        CancellationToken cancellationToken,
        bool isBlocking = false)
    {
        key.ThrowIfDefault();
        EncodeBuffer scratch = EncodeBuffer.Rent();
        try
        {
            uint flags = options.Flags;
            ReadOnlyMemory<byte> bytes = kind is CacheOperation.Append or CacheOperation.Prepend
                ? _codec.EncodePart(value, scratch)
                : _codec.Encode(value, scratch, ref flags);
            var operation = ChangeOperation.Start(kind, key, _router.Deadlines.Begin(), cancellationToken);
            if (isBlocking)
            {
                operation.Block();
            }

            if (bytes.Length > _router.MaxValueBytes)
            {
                operation.Fail(Outcome.TooLarge(key, bytes.Length, _router.MaxValueBytes));
                operation.Answered(1);
                return operation;
            }

            if (bytes.Length > WireLimits.MaxInlineValueBytes)
            {
                StorePages(operation, key, scratch.Length == 0 ? bytes : bytes.ToArray(), options with { Flags = flags }, cas);
                return operation;
            }

            ReadOnlySpan<byte> packedKey = key.AsSpan(stackalloc byte[key.ScratchLength]);
            _router.Submit(operation, PackedStore.Of(kind, packedKey, bytes.Span, options, flags, cas));
            return operation;
        }
        finally
        {
            scratch.Return();
        }
    }

    private void StorePages(
        ChangeOperation operation, in CacheKey key, ReadOnlyMemory<byte> value, in EntryOptions options, ulong cas) =>
        _router.WritePages(
            operation,
            new PagedWriteRequest
            {
                Operation = operation.Kind,
                Key = key.ToArray(),
                Flags = options.Flags,
                Expiration = options.Expiration.Raw,
                Window = options.Window,
                Cas = cas,
                Length = value.Length,
                Page = default,
                Options = PackedStore.TaggedOf(operation.Kind, options, cas),
            },
            value);

    // One message, but for the first count: then a second one, which is the count. Somebody else may have been first.
    private async ValueTask<ulong> CountAsync(
        CacheKey key, ulong delta, EntryOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await IncrementAsync(key, delta, cancellationToken).ConfigureAwait(false) is { } number)
            {
                return number;
            }

            if (await AddAsync(key, delta, options, cancellationToken).ConfigureAwait(false))
            {
                return delta;
            }
        }
    }
}
