using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>A write, a flush or a truncation of a file.</summary>
/// <param name="File">Its path.</param>
/// <param name="Bytes">What is written; empty for the others.</param>
/// <param name="Offset">Where, or the length of a file that is truncated.</param>
/// <param name="IsFlush">Whether everything before is on the disk when it has ended.</param>
internal sealed partial record DiskStep(string File, byte[] Bytes, long Offset, bool IsFlush)
{
    private bool IsTruncation => !IsFlush && Bytes.Length == 0;

    /// <summary>A line of strace -xx -y, without its thread and from its name on; <see langword="null"/> for others.</summary>
    public static DiskStep? TryParse(string call)
    {
        Match match = Call().Match(call);
        if (!match.Success)
        {
            return null;
        }

        string name = match.Groups["name"].Value;
        long number = match.Groups["number"] is { Success: true, Value: var text }
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : 0;
        return new DiskStep(
            Encoding.UTF8.GetString(Decode(match.Groups["file"].ValueSpan)),
            Decode(match.Groups["bytes"].ValueSpan),
            number,
            name is "fsync" or "fdatasync");
    }

    /// <summary>Does it to what is on the disk.</summary>
    public void ApplyTo(MemoryStream file)
    {
        if (IsTruncation)
        {
            file.SetLength(Offset);
            return;
        }

        file.Position = Offset;
        file.Write(Bytes);
    }

    /// <summary>Does as much of it as a disk may have done of what was not flushed: any of its sectors, in any order.</summary>
    public void ApplyTo(MemoryStream file, int sectorBytes, Random random)
    {
        if (IsTruncation)
        {
            if (random.Next(2) == 0)
            {
                ApplyTo(file);
            }

            return;
        }

        bool isTorn = random.Next(4) == 0;
        bool isDone = random.Next(2) == 0;
        for (int first = 0; first < Bytes.Length; first += sectorBytes)
        {
            if (isTorn ? random.Next(2) == 0 : isDone)
            {
                file.Position = Offset + first;
                file.Write(Bytes, first, Math.Min(sectorBytes, Bytes.Length - first));
            }
        }
    }

    // Of \x41\x42: AB.
    private static byte[] Decode(ReadOnlySpan<char> escaped)
    {
        byte[] bytes = new byte[escaped.Length / 4];
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = byte.Parse(
                escaped.Slice((index * 4) + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return bytes;
    }

    [GeneratedRegex(
        """^(?<name>\w+)\(\d+<(?<file>[^>]*)>(?:, "(?<bytes>[^"]*)", \d+)?(?:, (?<number>\d+))?(?:\)| <unfinished)""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
