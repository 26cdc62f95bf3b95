using System.Buffers.Binary;
using SharpCompress.Compressors.Xz;

namespace Granary.Tests.Shared;

/// <summary>
/// Reads the request traces that lie beside the repository in ../shared/data/traces, or in the folder that the
/// environment variable GRANARY_TRACES names. They are data and no part of the product: a test skips without them.
/// </summary>
internal static class TraceReader
{
    /// <summary>95,607 requests for 13,756 product pages of a web shop.</summary>
    public const string Web12 = "web12.trace.xz";

    /// <summary>5,000,000 requests for 76,349 objects of an object-relational mapper; friendly to LRU.</summary>
    public const string OrmBusy = "orm-busy.trace.xz";

    /// <summary>The path of the trace; skips the running test where there is none.</summary>
    public static string Locate(string name)
    {
        string folder = Environment.GetEnvironmentVariable("GRANARY_TRACES")
            ?? RepositoryRoot.Combine("../shared/data/traces");
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            Assert.Skip($"The trace {path} is not there.");
        }

        return path;
    }

    /// <summary>One key per request, in the order of the requests; skips the running test without the trace.</summary>
    public static int[] ReadKeys(string name)
    {
        using FileStream file = File.OpenRead(Locate(name));
        using var decompressed = new MemoryStream();
        using (var xz = new XZStream(file))
        {
            xz.CopyTo(decompressed);
        }

        ReadOnlySpan<byte> bytes = decompressed.GetBuffer().AsSpan(0, (int)decompressed.Length);
        if (bytes.Length % sizeof(int) != 0)
        {
            throw new InvalidDataException($"{name} has {bytes.Length} bytes; its keys have 4 each.");
        }

        int[] keys = new int[bytes.Length / sizeof(int)];
        for (int index = 0; index < keys.Length; index++)
        {
            keys[index] = BinaryPrimitives.ReadInt32BigEndian(bytes[(index * sizeof(int))..]);
        }

        return keys;
    }
}
