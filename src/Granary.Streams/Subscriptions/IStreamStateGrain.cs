namespace Granary.Streams.Subscriptions;

/// <summary>
/// Silo to silo: keeps who subscribes to which stream, for a share of a provider's streams. Its key is the share's index and
/// the provider's name.
/// </summary>
[Alias("granary.IStreamStateGrain")]
internal interface IStreamStateGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Null: there is none.</summary>
    [Alias("Read"), ResponseTimeout("00:00:20")]
    ValueTask<StreamState?> ReadAsync(string key);

    /// <summary>Writes a state, if the one before is still the one that its writer has read.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="version">Of the state before; 0: there was none.</param>
    /// <param name="content">Empty: there is to be none.</param>
    /// <returns>The new version; 0: somebody else has written, and nothing is changed.</returns>
    [Alias("Write"), ResponseTimeout("00:00:20")]
    ValueTask<long> WriteAsync(string key, long version, ReadOnlyMemory<byte> content);
}
