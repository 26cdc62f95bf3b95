using System.Reflection;
using Granary.Cache.Shards;

namespace Granary.Cache.Tests.Doubles;

/// <summary>Hands out one grain of a kind, whoever asks. IGrainFactory has many members, of which two are used.</summary>
#pragma warning disable CA1852 // the proxy is derived from it
internal class FakeGrains : DispatchProxy
{
    private ICacheShardGrain? _shard;
    private IMoveRehearsalGrain? _rehearsal;

    public static IGrainFactory Of(ICacheShardGrain? shard = null, IMoveRehearsalGrain? rehearsal = null)
    {
        IGrainFactory factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._shard = shard;
        ((FakeGrains)(object)factory)._rehearsal = rehearsal;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(ICacheShardGrain) ? _shard
        : targetMethod?.ReturnType == typeof(IMoveRehearsalGrain) ? _rehearsal
        : throw new NotSupportedException($"{targetMethod}");
}
#pragma warning restore CA1852
