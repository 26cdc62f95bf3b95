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

    /// <summary>One key nine times of ten, every key as often as any other in the tenth.</summary>
    HotKey,
}
