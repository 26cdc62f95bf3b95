using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SharpCompress.Compressors.Xz;

namespace Granary.Tests.Shared;

/// <summary>
/// Reads the request traces that lie beside the repository in ../shared/data/traces, or in the folder that the
/// environment variable GRANARY_TRACES names. They are data and no part of the product.
/// </summary>
internal static class TraceFile
{
    /// <summary>Where a trace is, if it is there.</summary>
    public static string PathOf(string name)
    {
        string folder = Environment.GetEnvironmentVariable("GRANARY_TRACES")
            ?? RepositoryRoot.Combine("../shared/data/traces");
        return Path.Combine(folder, name);
    }

    /// <summary>One key per request, in the order of the requests.</summary>
    public static int[] ReadKeys(string path)
    {
        byte[] bytes = Decompress(path);
        if (bytes.Length % sizeof(int) != 0)
        {
            throw new InvalidDataException($"{path} has {bytes.Length} bytes; its keys have 4 each.");
        }

        int[] keys = new int[bytes.Length / sizeof(int)];
        for (int index = 0; index < keys.Length; index++)
        {
            keys[index] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(index * sizeof(int)));
        }

        return keys;
    }

    /// <summary>Id and size in bytes of each request, of a trace of lines <c>time id size</c>.</summary>
    public static (long Id, int Size)[] ReadSizedObjects(string path)
    {
        string[] lines = Encoding.ASCII.GetString(Decompress(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(lines, static line =>
        {
            string[] fields = line.Split(' ');
            return (Number(fields[1]), (int)Number(fields[2]));
        });
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static byte[] Decompress(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var decompressed = new MemoryStream();
        using (var xz = new XZStream(file))
        {
            xz.CopyTo(decompressed);
        }

        return decompressed.ToArray();
    }
}
