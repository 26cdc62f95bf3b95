using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Granary.Queues.Records;

/// <summary>Appends numbers, strings and bytes to a buffer. Numbers are varints: seven bits a byte, low ones first.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void WriteNumber(long value)
    {
        Span<byte> target = _buffer.GetSpan(10);
        ulong rest = (ulong)value;
        int length = 0;
        for (; rest >= 0x80; rest >>= 7)
        {
            target[length++] = (byte)(rest | 0x80);
        }

        target[length++] = (byte)rest;
        _buffer.Advance(length);
    }

    public void WriteWide(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
    }

    public void WriteGuid(Guid value) => WriteWide(BinaryPrimitives.ReadUInt128LittleEndian(value.ToByteArray()));

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteNumber(bytes.Length);
        _buffer.Write(bytes);
    }

    /// <summary>0 stands for null, length + 1 for a string.</summary>
    public void WriteText(string? text)
    {
        if (text is null)
        {
            WriteNumber(0);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        WriteNumber(length + 1L);
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }
}
