using Granary.Administration.State;
using Granary.Reports;

namespace Granary.Administration.Tests.State;

public sealed class NamespaceStatesTests
{
    [Fact]
    public void Namespaces_AreSumsOfTheSilos_ByNameAndPerSecond()
    {
        SiloReport[] first = [Of("a", 100, Space("shop", 1, 10, 10, 0)), Of("b", 50, Space("shop", 2, 0, 0, 0))];
        SiloReport[] second =
        [
            Of("a", 102, Space("shop", 3, 40, 20, 4), Space("news", 5, 1, 0, 0) with { Prefix = "news:"u8.ToArray() }), // news is new there
            Of("b", 52, Space("shop", 4, 30, 0, 0)),
        ];

        IReadOnlyList<NamespaceState> states = ClusterStates.Of(
            [TestReports.Reading(("a", first[0]), ("b", first[1])), TestReports.Reading(("a", second[0]), ("b", second[1]))]).Namespaces;

        Assert.Equal(
            [
                new NamespaceState("news", "news:", IsBinary: false, 1 << 20, 5, 500, null, null, null),
                new NamespaceState("shop", "AXNob3A6", IsBinary: true, 1 << 20, 7, 700, 35, 30 / 35.0, 2),
            ],
            states);
    }

    [Fact]
    public void Namespaces_OfSilosThatHaveNone_AreNone() =>
        Assert.Empty(ClusterStates.Of([TestReports.Reading(("a", TestReports.Of("a")), ("b", null))]).Namespaces);

    private static SiloReport Of(string silo, double seconds, params NamespaceReport[] namespaces) =>
        TestReports.Of(silo, seconds) with { Namespaces = namespaces };

    private static NamespaceReport Space(string name, long entries, long hits, long misses, long evictions) => new()
    {
        Name = name,
        Prefix = "\u0001shop:"u8.ToArray(),
        QuotaBytes = 1 << 20,
        ShareBytes = 1 << 19,
        Entries = entries,
        EntryBytes = entries * 100,
        Hits = hits,
        Misses = misses,
        Stores = 0,
        Evictions = evictions,
    };
}
