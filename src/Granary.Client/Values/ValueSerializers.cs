using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Values;

/// <summary>The serializers that the application has given, by type. Thread-safe.</summary>
internal sealed class ValueSerializers(IReadOnlyList<IHybridCacheSerializerFactory> factories)
{
    private readonly ConcurrentDictionary<Type, object?> _serializers = new();

    /// <summary>The first factory's that has one; <see langword="null"/> if none has.</summary>
    public IHybridCacheSerializer<T>? Find<T>() => factories.Count == 0
        ? null
        : (IHybridCacheSerializer<T>?)_serializers.GetOrAdd(typeof(T), static (_, all) => Create<T>(all), factories);

    private static IHybridCacheSerializer<T>? Create<T>(IReadOnlyList<IHybridCacheSerializerFactory> factories)
    {
        foreach (IHybridCacheSerializerFactory factory in factories)
        {
            if (factory.TryCreateSerializer(out IHybridCacheSerializer<T>? serializer))
            {
                return serializer;
            }
        }

        return null;
    }
}
