using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Orleans.Serialization;
using Orleans.Storage;

namespace Granary.Streams.Subscriptions;

/// <summary>
/// Where Orleans keeps a provider's subscriptions: its rendezvous grains are on any silo, and the store may be opened by one
/// only, so they go through <see cref="IStreamStateGrain"/>. Thread-safe.
/// </summary>
internal sealed class SubscriptionStorage(
    string provider, GranaryStreamOptions options, IGrainFactory grains, Serializer serializer) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StreamState? found = await GrainOf(KeyOf(stateName, grainId)).ReadAsync(KeyOf(stateName, grainId));
        grainState.RecordExists = found is not null;
        grainState.ETag = found is null ? null : Text(found.Version);
        grainState.State = found is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(found.Content);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        long version = await WriteAsync(stateName, grainId, grainState.ETag, serializer.SerializeToArray(grainState.State));
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.RecordExists)
        {
            await WriteAsync(stateName, grainId, grainState.ETag, ReadOnlyMemory<byte>.Empty);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static string KeyOf(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    private async Task<long> WriteAsync(string stateName, GrainId grainId, string? etag, ReadOnlyMemory<byte> content)
    {
        string key = KeyOf(stateName, grainId);
        long version = long.TryParse(etag, CultureInfo.InvariantCulture, out long read) ? read : 0;
        long written = await GrainOf(key).WriteAsync(key, version, content);
        return written != 0
            ? written
            : throw new InconsistentStateException($"The subscriptions '{key}' were written by somebody else.", "", etag ?? "");
    }

    private IStreamStateGrain GrainOf(string key)
    {
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
        return grains.GetGrain<IStreamStateGrain>((long)(hash % (ulong)options.Partitions), provider);
    }
}
