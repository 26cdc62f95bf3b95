using System.Buffers.Binary;
using System.Text;

namespace Granary.Queues.Records;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Not to be trusted with bytes whose checksum was not compared.</summary>
/// <exception cref="InvalidDataException">The bytes end too early.</exception>
internal sealed class ByteReader(ReadOnlyMemory<byte> source)
{
    private int _position;

    public bool AtEnd => _position == source.Length;

    public byte ReadByte() => Take(1).Span[0];

    public long ReadNumber()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("A number has more than ten bytes.");
    }

    public int ReadCount()
    {
        long count = ReadNumber();
        return count is >= 0 and <= int.MaxValue
            ? (int)count
            : throw new InvalidDataException($"A count is {count}.");
    }

    public UInt128 ReadWide() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16).Span);

    public Guid ReadGuid() => new(Take(16).Span);

    /// <summary>A view of the source, not a copy.</summary>
    public ReadOnlyMemory<byte> ReadBytes() => Take(ReadCount());

    public string? ReadText()
    {
        int length = ReadCount();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1).Span);
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > source.Length - _position)
        {
            throw new InvalidDataException("The bytes end within a record.");
        }

        ReadOnlyMemory<byte> taken = source.Slice(_position, length);
        _position += length;
        return taken;
    }
}
