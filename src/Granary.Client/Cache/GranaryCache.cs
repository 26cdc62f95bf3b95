using System.Buffers;
using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Client.Values;
using Granary.Wire;
using Microsoft.Extensions.Options;

namespace Granary.Client;

/// <summary>Turns calls into operations for the router. Stateless.</summary>
internal sealed class GranaryCache(Router router, IOptions<GranaryClientOptions> options) : IGranaryCache
{
    // Larger calls go in parts, so that one call cannot fill what may wait.
    private const int MaxKeysPerPart = 4096;
    private const int MaxBytesPerPart = 256 << 10;

    private readonly ValueCodec _codec = new(options.Value.Json);

    public ValueTask<CacheEntry<T>> GetAsync<T>(CacheKey key, CancellationToken cancellationToken = default) =>
        Read<T>(CacheOperation.Get, key, default, cancellationToken).Task;

    public ValueTask<CacheEntry<T>> GetAndTouchAsync<T>(
        CacheKey key, Expiration expiration, CancellationToken cancellationToken = default) =>
        Read<T>(CacheOperation.GetAndTouch, key, expiration, cancellationToken).Task;

    public ValueTask<CacheEntry<T>[]> GetManyAsync<T>(
        ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken = default)
    {
        foreach (ref readonly CacheKey key in keys)
        {
            key.ThrowIfDefault();
        }

        return keys.Length switch
        {
            0 => new ValueTask<CacheEntry<T>[]>([]),
            > MaxKeysPerPart => GetPartsAsync<T>(keys.ToArray(), cancellationToken),
            _ => GetPartAsync<T>(keys, cancellationToken),
        };
    }

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
        return SetPartsAsync(entries, options, cancellationToken);
    }

    public ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<string, T>> entries,
        EntryOptions options = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return SetPartsAsync(
            entries.Select(entry => KeyValuePair.Create((CacheKey)entry.Key, entry.Value)), options, cancellationToken);
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

    public ValueTask<ulong?> DecrementAsync(
        CacheKey key, ulong delta = 1, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Decrement, key, 0, delta, cancellationToken).Counted;

    public ValueTask<bool> TouchAsync(
        CacheKey key, Expiration expiration, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Touch, key, expiration.Raw, 0, cancellationToken).Succeeded;

    public ValueTask<bool> DeleteAsync(CacheKey key, CancellationToken cancellationToken = default) =>
        Change(CacheOperation.Delete, key, 0, 0, cancellationToken).Succeeded;

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
        return operation.GetResult(operation.Wait(router.Deadlines));
    }

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal CacheEntry<T> Get<T>(CacheKey key)
    {
        EntryOperation<T> operation = Read<T>(
            CacheOperation.Get, key, default, CancellationToken.None, isBlocking: true);
        return operation.GetResult(operation.Wait(router.Deadlines));
    }

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal void Set<T>(CacheKey key, T value, EntryOptions options) =>
        Store(CacheOperation.Set, key, value, options, 0, CancellationToken.None, isBlocking: true)
            .WaitDone(router.Deadlines);

    /// <summary>As the asynchronous one; blocks the thread.</summary>
    internal bool Delete(CacheKey key) =>
        Change(CacheOperation.Delete, key, 0, 0, CancellationToken.None, isBlocking: true)
            .WaitSucceeded(router.Deadlines);

    private EntryOperation<T> Read<T>(
        CacheOperation kind,
        in CacheKey key,
        Expiration expiration,
        CancellationToken cancellationToken,
        bool isBlocking = false)
    {
        key.ThrowIfDefault();
        var operation = EntryOperation<T>.Start(_codec, kind, router.Deadlines.Begin(), cancellationToken);
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
        var operation = BufferOperation.Start(destination, router.Deadlines.Begin(), cancellationToken);
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

        router.Submit(operation, packed);
    }

    private ValueTask<CacheEntry<T>[]> GetPartAsync<T>(ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken)
    {
        var operation = EntriesOperation<T>.Start(_codec, keys.Length, router.Deadlines.Begin(), cancellationToken);
        ValueTask<CacheEntry<T>[]> task = operation.Task;
        router.SubmitGets(operation, keys, operation.Order);
        return task;
    }

    private async ValueTask<CacheEntry<T>[]> GetPartsAsync<T>(CacheKey[] keys, CancellationToken cancellationToken)
    {
        var entries = new CacheEntry<T>[keys.Length];
        for (int start = 0; start < keys.Length; start += MaxKeysPerPart)
        {
            int count = Math.Min(MaxKeysPerPart, keys.Length - start);
            CacheEntry<T>[] part =
                await GetPartAsync<T>(keys.AsSpan(start, count), cancellationToken).ConfigureAwait(false);
            part.CopyTo(entries, start);
        }

        return entries;
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
        var operation = ChangeOperation.Start(kind, key, router.Deadlines.Begin(), cancellationToken);
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
            ReadOnlyMemory<byte> bytes = _codec.Encode(value, scratch);
            var operation = ChangeOperation.Start(kind, key, router.Deadlines.Begin(), cancellationToken);
            if (isBlocking)
            {
                operation.Block();
            }

            if (bytes.Length > router.MaxValueBytes)
            {
                operation.Fail(Outcome.TooLarge(key, bytes.Length, router.MaxValueBytes));
                operation.Answered(1);
                return operation;
            }

            if (bytes.Length > WireLimits.MaxInlineValueBytes)
            {
                StorePages(operation, key, scratch.Length == 0 ? bytes : bytes.ToArray(), options, cas);
                return operation;
            }

            router.Submit(
                operation,
                new PackedOperation
                {
                    Operation = kind,
                    Key = key.AsSpan(stackalloc byte[key.ScratchLength]),
                    Value = bytes.Span,
                    Flags = options.Flags,
                    Expiration = options.Expiration.Raw,
                    Window = options.Window,
                    Number = cas,
                });
            return operation;
        }
        finally
        {
            scratch.Return();
        }
    }

    private void StorePages(
        ChangeOperation operation, in CacheKey key, ReadOnlyMemory<byte> value, in EntryOptions options, ulong cas) =>
        router.WritePages(
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
            },
            value);

    private async ValueTask SetPartsAsync<T>(
        IEnumerable<KeyValuePair<CacheKey, T>> entries, EntryOptions options, CancellationToken cancellationToken)
    {
        var part = LinkBatch.Rent();
        foreach ((CacheKey key, T value) in entries)
        {
            if (!TryPack(part, key, value, options))
            {
                await SetAsync(key, value, options, cancellationToken).ConfigureAwait(false);
            }

            if (part.OperationBytes >= MaxBytesPerPart || part.Writer.Count >= MaxKeysPerPart)
            {
                await SetPartAsync(part, cancellationToken).ConfigureAwait(false);
                part = LinkBatch.Rent();
            }
        }

        if (part.Writer.Count > 0)
        {
            await SetPartAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    // False if the value is too long for a batch.
    private bool TryPack<T>(LinkBatch part, in CacheKey key, T value, in EntryOptions options)
    {
        key.ThrowIfDefault();
        EncodeBuffer scratch = EncodeBuffer.Rent();
        try
        {
            ReadOnlyMemory<byte> bytes = _codec.Encode(value, scratch);
            if (bytes.Length > Math.Min(WireLimits.MaxInlineValueBytes, router.MaxValueBytes))
            {
                return false;
            }

            part.Writer.AddStore(new PackedOperation
            {
                Operation = CacheOperation.Set,
                Key = key.AsSpan(stackalloc byte[key.ScratchLength]),
                Value = bytes.Span,
                Flags = options.Flags,
                Expiration = options.Expiration.Raw,
                Window = options.Window,
            });
            return true;
        }
        finally
        {
            scratch.Return();
        }
    }

    private ValueTask SetPartAsync(LinkBatch part, CancellationToken cancellationToken)
    {
        var operation = StoresOperation.Start(part.Writer.Count, router.Deadlines.Begin(), cancellationToken);
        part.AssignTo(operation);
        router.Submit(part);
        return operation.Task;
    }
}
