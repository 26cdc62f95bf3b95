namespace Granary.Memcached.Sessions;

/// <summary>Answers that have not been sent. One thread.</summary>
internal sealed class OutputBuffer
{
    // What a reply or two of a small value take.
    private const int FirstBytes = 4 << 10;

    // Empty until it is written to: every connection has one, and most never need it.
    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>At least so many bytes to write to; then <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_buffer.Length - Length < length)
        {
            Array.Resize(ref _buffer, Math.Max(Math.Max(FirstBytes, _buffer.Length * 2), Length + length));
        }

        return _buffer.AsSpan(Length);
    }

    public void Advance(int length) => Length += length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Gives the memory of an empty buffer back if it is more than this.</summary>
    public void TrimTo(int bytes)
    {
        if (_buffer.Length > bytes)
        {
            _buffer = [];
        }
    }

    public void Clear() => Length = 0;
}
