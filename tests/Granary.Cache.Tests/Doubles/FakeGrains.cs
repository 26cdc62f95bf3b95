using System.Reflection;

namespace Granary.Cache.Tests.Doubles;

/// <summary>Hands out one shard's grain, whoever asks. IGrainFactory has many members, of which one is used.</summary>
#pragma warning disable CA1852 // the proxy is derived from it
internal class FakeGrains : DispatchProxy
{
    private ICacheShardGrain? _shard;

    public static IGrainFactory Of(ICacheShardGrain shard)
    {
        IGrainFactory factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._shard = shard;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(ICacheShardGrain) ? _shard : throw new NotSupportedException($"{targetMethod}");
}
#pragma warning restore CA1852
