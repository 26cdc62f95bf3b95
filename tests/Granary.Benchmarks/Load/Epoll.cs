using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Load;

/// <summary>
/// Waits for sockets to become readable, or writable while a send is stuck (epoll(7), level-triggered).
/// </summary>
/// <remarks>One thread.</remarks>
internal sealed class Epoll : IDisposable
{
    private const int Add = 1;
    private const int Modify = 3;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;

    // struct epoll_event { uint32_t events; epoll_data_t data; } is packed on x86-64 only (__EPOLL_PACKED).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = DataOffset + sizeof(ulong);

    private readonly int _descriptor = Check(Libc.EpollCreate(0));
    private readonly byte[] _events;
    private readonly int _maxEvents;

    public Epoll(int maxEvents)
    {
        _maxEvents = maxEvents;
        _events = new byte[maxEvents * EventLength];
    }

    /// <summary>Registers a socket; <see cref="Token"/> returns <paramref name="token"/> when it is ready.</summary>
    public void Watch(int socket, int token) => Control(Add, socket, token, Readable);

    /// <summary>Says whether the socket is waited for to be written as well.</summary>
    public void WatchWrites(int socket, int token, bool writes) =>
        Control(Modify, socket, token, writes ? Readable | Writable : Readable);

    /// <summary>Waits until a socket is ready; returns how many are, 0 when the time has passed.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        int ready = Libc.EpollWait(_descriptor, ref _events[0], _maxEvents, timeoutMilliseconds);
        return ready < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR ? 0 : Check(ready);
    }

    /// <summary>The token of the <paramref name="index"/>th socket that the last wait reported.</summary>
    public int Token(int index) =>
        (int)BinaryPrimitives.ReadUInt64LittleEndian(_events.AsSpan((index * EventLength) + DataOffset));

    public void Dispose() => _ = Libc.Close(_descriptor);

    private void Control(int operation, int socket, int token, uint interest)
    {
        Span<byte> epollEvent = stackalloc byte[EventLength];
        BinaryPrimitives.WriteUInt32LittleEndian(epollEvent, interest);
        BinaryPrimitives.WriteUInt64LittleEndian(epollEvent[DataOffset..], (ulong)token);
        Check(Libc.EpollControl(_descriptor, operation, socket, ref epollEvent[0]));
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
