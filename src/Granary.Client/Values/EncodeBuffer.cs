using System.Buffers;

namespace Granary.Client.Values;

/// <summary>Where a value is encoded before it is copied into a batch. One thread at a time; rented.</summary>
internal sealed class EncodeBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 1024;
    private const int MaxKeptBytes = 1 << 20;

    [ThreadStatic]
    private static EncodeBuffer? _kept;

    private byte[] _bytes = new byte[InitialBytes];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>This thread's buffer, or a new one while that is in use (a converter that calls the cache).</summary>
    public static EncodeBuffer Rent()
    {
        EncodeBuffer buffer = _kept ?? new EncodeBuffer();
        _kept = null;
        return buffer;
    }

    public void Return()
    {
        Length = 0;
        if (_bytes.Length <= MaxKeptBytes)
        {
            _kept = this;
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + needed)));
        }

        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
