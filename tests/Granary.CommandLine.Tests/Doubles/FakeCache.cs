using System.Reflection;
using Granary.Client;

namespace Granary.CommandLine.Tests.Doubles;

/// <summary>A cache whose namespaces can be dropped, and no more.</summary>
#pragma warning disable CA1852 // the proxy is derived from it
internal class FakeCache : DispatchProxy
{
    /// <summary>Those that were.</summary>
    public List<string> Dropped { get; } = [];

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(IGranaryCache.RemoveNamespaceAsync))
        {
            throw new NotSupportedException(targetMethod.Name);
        }

        Dropped.Add((string)args![0]!);
        return default(ValueTask);
    }
}
#pragma warning restore CA1852
