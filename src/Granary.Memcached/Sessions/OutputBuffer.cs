namespace Granary.Memcached.Sessions;

/// <summary>Answers that have not been sent. One thread.</summary>
internal sealed class OutputBuffer
{
    private byte[] _buffer = new byte[64 << 10];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>At least so many bytes to write to; then <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_buffer.Length - Length < length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + length));
        }

        return _buffer.AsSpan(Length);
    }

    public void Advance(int length) => Length += length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets what is behind a length that it had before.</summary>
    public void TruncateTo(int length) => Length = length;

    public void Clear() => Length = 0;
}
