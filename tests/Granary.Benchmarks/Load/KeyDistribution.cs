namespace Granary.Benchmarks.Load;

/// <summary>How often each key is asked for.</summary>
internal enum KeyDistribution
{
    /// <summary>Every key as often as any other.</summary>
    Uniform,

    /// <summary>
    /// The key of rank r with weight 1 / r^0.99, YCSB's default; ranks are scattered over the key space.
    /// </summary>
    Zipf,

    /// <summary>One key in half of all cases, every other key as often as any other of them.</summary>
    HotKey,
}
