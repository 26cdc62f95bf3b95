using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Namespaces;

/// <summary>The namespaces of the tests: one with the smallest quota, one without any.</summary>
internal static class Spaces
{
    public const long Quota = StoreNamespace.SmallestQuotaBytes;

    public static readonly StoreNamespace[] SmallAndFree = [Make("small", "s:", Quota), Make("free", "f:")];

    public static StoreNamespace Make(string name, string prefix, long quotaBytes = 0) =>
        new(name, StoreDriver.Bytes(prefix), quotaBytes);

    public static NamespaceStatistics Of(StoreDriver driver, string name) =>
        driver.Store.Namespaces.GetStatistics().Single(space => space.Name == name);

    public static void Drop(StoreDriver driver, string prefix) => driver.Store.Namespaces.Drop(0, StoreDriver.Bytes(prefix));
}
