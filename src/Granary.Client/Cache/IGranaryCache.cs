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

    /// <summary>Stores many values, each with its own options, with one message per silo and 256 KiB.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <remarks>Not atomic: if it throws, some may have been stored. Of two equal keys either may win.</remarks>
    ValueTask SetManyAsync<T>(IEnumerable<NewEntry<T>> entries, CancellationToken cancellationToken = default);

    /// <summary>Reads a value, and makes and stores it if it is absent.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="key">The entry's key.</param>
    /// <param name="factory">Makes the value; its token is cancelled when nobody in this process waits any more.</param>
    /// <param name="options">Expiration and flags of a value that is made.</param>
    /// <param name="cancellationToken">Frees the caller; those that wait with it get their value nevertheless.</param>
    /// <returns>The value: that of other callers in this process is the same object.</returns>
    /// <remarks>
    /// <para>Of all callers in the cluster one runs its factory, by a lease; the others wait. If it fails, its process's callers
    /// get the exception, and another process runs its own; if its process dies, another does so after 10 s at most.</para>
    /// <para>If the cluster does not answer within <see cref="GranaryClientOptions.OperationTimeout"/>, each process makes the
    /// value for itself: no exception tells of an outage.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The factory returned <see langword="null"/>.</exception>
    /// <exception cref="GranaryValueTooLargeException">The value is over the silos' limit.</exception>
    ValueTask<T> GetOrCreateAsync<T>(
        CacheKey key,
        Func<CancellationToken, ValueTask<T>> factory,
        EntryOptions options = default,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="GetOrCreateAsync{T}(CacheKey, Func{CancellationToken, ValueTask{T}}, EntryOptions, CancellationToken)"/>
    /// <typeparam name="TState">What the factory needs, so that it can be static.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    ValueTask<T> GetOrCreateAsync<TState, T>(
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
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

    /// <summary>Adds to an unsigned decimal number, which is 0 if the key is absent; wraps at 2^64.</summary>
    /// <param name="key">The counter's key.</param>
    /// <param name="delta">How much.</param>
    /// <param name="options">Expiration and flags of a counter that begins: a limit per minute begins with a minute.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <returns>The new number.</returns>
    /// <remarks>Counted once, by whoever comes first: the first count takes two messages.</remarks>
    /// <exception cref="InvalidOperationException">The value is no unsigned decimal number.</exception>
    ValueTask<ulong> IncrementOrCreateAsync(
        CacheKey key, ulong delta = 1, EntryOptions options = default, CancellationToken cancellationToken = default);

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

    /// <summary>Removes every entry that has a tag (<see cref="EntryOptions.Tags"/>).</summary>
    /// <param name="tag">1 to 1024 characters.</param>
    /// <param name="cancellationToken">Frees the caller; the entries may be removed nevertheless.</param>
    /// <remarks>
    /// Done when all shards have done it, in the time of a message to each silo, however many entries there are. Whatever was
    /// stored before the call is gone then, for clients of every language, also from replicas, and wherever a shard moves; what is
    /// stored afterwards stays. An entry that is stored meanwhile may be either. Their memory comes back as that of expired ones.
    /// </remarks>
    /// <exception cref="ArgumentException">The tag is empty or too long.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">Not all shards have answered in time: do it again.</exception>
    ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>Removes every entry that has one of some tags.</summary>
    /// <inheritdoc cref="RemoveByTagAsync(string, CancellationToken)"/>
    ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default);

    /// <summary>Removes every entry of a namespace, which silos are told of by <c>--namespaces</c>.</summary>
    /// <param name="name">The namespace's name, not its prefix.</param>
    /// <param name="cancellationToken">Frees the caller; the entries may be removed nevertheless.</param>
    /// <remarks>As <see cref="RemoveByTagAsync(string, CancellationToken)"/>, however many entries there are.</remarks>
    /// <exception cref="ArgumentException">The silo that was asked has no namespace of that name.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">Not all shards have answered in time: do it again.</exception>
    ValueTask RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Walks over the keys that begin with a text, a page at a time.</summary>
    /// <param name="prefix">UTF-8 of up to 1024 bytes; empty: all keys.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>
    /// Every key that is there from the beginning to the end of the walk, also while shards move; of those that come or go
    /// meanwhile some. In no order. Once each, but those of a shard that moves may come twice. Keys that are no text are bytes.
    /// </returns>
    /// <remarks>
    /// It looks at all keys of the cluster, whatever the prefix: for those who run it, not for each request. It counts as no use
    /// of an entry, and holds up the operations on one shard for the time of 512 look-ups.
    /// </remarks>
    /// <exception cref="GranaryUnavailableException">A shard did not answer in time. Thrown by the enumeration.</exception>
    IAsyncEnumerable<CacheKey> ScanAsync(string prefix, CancellationToken cancellationToken = default);
}
