using Granary.Tests.Shared;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>The traces, and the budgets that each is replayed under.</summary>
internal static class TraceCatalog
{
    private static readonly TraceEntry[] Entries =
    [
        new("web12", "web12.trace.xz", [250, 500, 1_000, 1_500, 3_000], []),
        new("orm-busy", "orm-busy.trace.xz", [1_000, 2_500, 5_000, 10_000, 20_000], []),
        new("adapt_size", "adapt_size.request.trace.xz", [1_000, 2_500, 5_000, 10_000], [16, 32, 64, 128]),
    ];

    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Entries, static entry => entry.Name);

    public static string PathOf(string name) => TraceFile.PathOf(Find(name).File);

    /// <summary>Reads a trace and says what it is to be replayed under.</summary>
    public static IEnumerable<ReplayCase> Read(string name, int maxRequests)
    {
        TraceEntry entry = Find(name);
        (long Id, int Size)[] objects = entry.SizedMebibytes.Length > 0
            ? TraceFile.ReadSizedObjects(PathOf(name))
            : Array.ConvertAll(TraceFile.ReadKeys(PathOf(name)), static key => ((long)key, 1));
        objects = objects[..Math.Min(objects.Length, maxRequests)];
        TraceRequest[] unit = RequestsOf(objects, static _ => 1);
        TraceRequest[] real = RequestsOf(objects, static size => size);
        return
        [
            .. entry.UnitBudgets.Select(budget => new ReplayCase(name, Sizing.Unit, budget, unit)),
            .. entry.SizedMebibytes.Select(budget => new ReplayCase(name, Sizing.Real, (long)budget << 20, real)),
        ];
    }

    private static TraceEntry Find(string name) => Array.Find(Entries, entry => entry.Name == name)!;

    // From the end to the beginning, so that the next request for an object is known. One with another size is another one.
    private static TraceRequest[] RequestsOf((long Id, int Size)[] objects, Func<int, int> lengthOf)
    {
        var requests = new TraceRequest[objects.Length];
        var seen = new Dictionary<(long Id, int Size), (int Number, int Next)>();
        for (int index = objects.Length - 1; index >= 0; index--)
        {
            (int number, int next) = seen.GetValueOrDefault(objects[index], (seen.Count, int.MaxValue));
            requests[index] = new TraceRequest(number, lengthOf(objects[index].Size), next);
            seen[objects[index]] = (number, index);
        }

        return requests;
    }

    private sealed record TraceEntry(string Name, string File, int[] UnitBudgets, int[] SizedMebibytes);
}
