namespace Granary.Tests.Shared;

/// <summary>The traces of <see cref="TraceFile"/>, for tests, which skip without them.</summary>
internal static class TraceReader
{
    /// <summary>95,607 requests for 13,756 product pages of a web shop.</summary>
    public const string Web12 = "web12.trace.xz";

    /// <summary>5,000,000 requests for 76,349 objects of an object-relational mapper; friendly to LRU.</summary>
    public const string OrmBusy = "orm-busy.trace.xz";

    /// <summary>The path of the trace; skips the running test where there is none.</summary>
    public static string Locate(string name)
    {
        string path = TraceFile.PathOf(name);
        if (!File.Exists(path))
        {
            Assert.Skip($"The trace {path} is not there.");
        }

        return path;
    }

    /// <summary>One key per request, in the order of the requests; skips the running test without the trace.</summary>
    public static int[] ReadKeys(string name) => TraceFile.ReadKeys(Locate(name));
}
