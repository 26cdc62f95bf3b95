using System.Reflection;
using Granary.Queues;

namespace Granary.Console.Tests.Doubles;

/// <summary>Hands out the grains of a cluster. IGrainFactory has many members, of which one is used.</summary>
#pragma warning disable CA1852 // the proxy is derived from it
internal class FakeGrains : DispatchProxy
{
    private FakeCluster? _cluster;

    public static IGrainFactory Of(FakeCluster cluster)
    {
        IGrainFactory factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._cluster = cluster;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(IClusterMapGrain) || targetMethod?.ReturnType == typeof(IQueueCatalogGrain)
            ? _cluster
            : throw new NotSupportedException($"{targetMethod}");
}
#pragma warning restore CA1852
