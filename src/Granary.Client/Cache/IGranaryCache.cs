namespace Granary.Client;

/// <summary>The cache. One instance serves the whole process; all members are thread-safe.</summary>
/// <remarks>
/// <para>Values are bytes, and every client sees the same ones:</para>
/// <list type="table">
/// <item><term><c>byte[]</c>, <see cref="ReadOnlyMemory{T}"/>, <see cref="Memory{T}"/> and
/// <see cref="System.Buffers.ReadOnlySequence{T}"/> of bytes</term><description>as they are</description></item>
/// <item><term><see cref="string"/></term><description>UTF-8</description></item>
/// <item><term><see cref="byte"/>, <see cref="sbyte"/>, <see cref="short"/>, <see cref="ushort"/>, <see cref="int"/>,
/// <see cref="uint"/>, <see cref="long"/>, <see cref="ulong"/></term><description>decimal ASCII, which increment counts
/// and other languages read</description></item>
/// <item><term>all others</term><description>JSON, by <see cref="GranaryClientOptions.Json"/></description></item>
/// </list>
/// <para>Operations that wait while a message is under way leave together in the next one. Operations awaited one
/// after another are executed in that order; those that are not have none.</para>
/// <para>A miss, a lost race and an absent key are values. Outages are exceptions:
/// <see cref="GranaryUnavailableException"/> if nothing was changed, <see cref="GranaryOutcomeUnknownException"/> if a
/// change may have been applied. Reads are repeated until <see cref="GranaryClientOptions.OperationTimeout"/>. An
/// operation cancelled by its token may still be executed.</para>
/// </remarks>
public interface IGranaryCache
{
    /// <summary>Reads an entry.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <exception cref="FormatException">The bytes are no <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>> GetAsync<T>(CacheKey key, CancellationToken cancellationToken = default);

    /// <summary>Reads many entries, with one message per silo.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <param name="keys">Read before the call returns, if the client is connected; else copied.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <returns>The entries in the order of their keys.</returns>
    ValueTask<CacheEntry<T>[]> GetManyAsync<T>(
        ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="GetManyAsync{T}(ReadOnlySpan{CacheKey}, CancellationToken)"/>
    ValueTask<CacheEntry<T>[]> GetManyAsync<T>(
        ReadOnlySpan<string> keys, CancellationToken cancellationToken = default);

    /// <summary>Reads an entry and gives it a new expiration.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <remarks>After an outage it may be executed twice.</remarks>
    ValueTask<CacheEntry<T>> GetAndTouchAsync<T>(
        CacheKey key, Expiration expiration, CancellationToken cancellationToken = default);

    /// <summary>Stores a value, whatever was there before.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <exception cref="GranaryValueTooLargeException">The value is over the silos' limit.</exception>
    ValueTask SetAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Stores many values, with one message per silo and 256 KiB.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <remarks>Not atomic: if it throws, some may have been stored. Of two equal keys either may win.</remarks>
    ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<CacheKey, T>> entries,
        EntryOptions options = default,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SetManyAsync{T}(IEnumerable{KeyValuePair{CacheKey, T}}, EntryOptions, CancellationToken)"/>
    ValueTask SetManyAsync<T>(
        IEnumerable<KeyValuePair<string, T>> entries,
        EntryOptions options = default,
        CancellationToken cancellationToken = default);

    /// <summary>Stores a value if the key is absent.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="GranaryValueTooLargeException">The value is over the silos' limit.</exception>
    ValueTask<bool> AddAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Stores a value if the key is present.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="GranaryValueTooLargeException">The value is over the silos' limit.</exception>
    ValueTask<bool> ReplaceAsync<T>(
        CacheKey key, T value, EntryOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Stores a value if nobody changed the entry since it was read.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="key">The entry's key.</param>
    /// <param name="value">The new value.</param>
    /// <param name="cas">From <see cref="CacheEntry{T}.Cas"/>.</param>
    /// <param name="options">Expiration and flags of the new value.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <exception cref="GranaryValueTooLargeException">The value is over the silos' limit.</exception>
    ValueTask<CompareAndSetResult> CompareAndSetAsync<T>(
        CacheKey key,
        T value,
        ulong cas,
        EntryOptions options = default,
        CancellationToken cancellationToken = default);

    /// <summary>Puts bytes behind a present value; its flags and expiration stay.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <returns>Whether the key was present.</returns>
    /// <exception cref="GranaryValueTooLargeException">The whole would be over the silos' limit.</exception>
    ValueTask<bool> AppendAsync<T>(CacheKey key, T value, CancellationToken cancellationToken = default);

    /// <summary>Puts bytes before a present value; its flags and expiration stay.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <returns>Whether the key was present.</returns>
    /// <exception cref="GranaryValueTooLargeException">The whole would be over the silos' limit.</exception>
    ValueTask<bool> PrependAsync<T>(CacheKey key, T value, CancellationToken cancellationToken = default);

    /// <summary>Adds to an unsigned decimal number; wraps at 2^64. Start a counter with
    /// <see cref="AddAsync"/> of 0.</summary>
    /// <returns>The new number, or <see langword="null"/> if the key is absent.</returns>
    /// <exception cref="InvalidOperationException">The value is no unsigned decimal number.</exception>
    ValueTask<ulong?> IncrementAsync(CacheKey key, ulong delta = 1, CancellationToken cancellationToken = default);

    /// <summary>Subtracts from an unsigned decimal number; stops at 0.</summary>
    /// <returns>The new number, or <see langword="null"/> if the key is absent.</returns>
    /// <exception cref="InvalidOperationException">The value is no unsigned decimal number.</exception>
    ValueTask<ulong?> DecrementAsync(CacheKey key, ulong delta = 1, CancellationToken cancellationToken = default);

    /// <summary>Gives a present entry a new expiration.</summary>
    /// <returns>Whether the key was present.</returns>
    ValueTask<bool> TouchAsync(CacheKey key, Expiration expiration, CancellationToken cancellationToken = default);

    /// <summary>Removes an entry.</summary>
    /// <returns>Whether the key was present.</returns>
    ValueTask<bool> DeleteAsync(CacheKey key, CancellationToken cancellationToken = default);
}
