using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Granary.Memcached.Sockets;

/// <summary>
/// An array of the kernel's <c>struct epoll_event</c>: 32 bits of events and 64 bits of data, packed on x86-64 only.
/// </summary>
internal static unsafe class EpollEvents
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Length of one. Bytes.</summary>
    public static readonly int Stride = DataOffset + 8;

    public static void Set(byte* @event, uint events, long data)
    {
        Unsafe.WriteUnaligned(@event, events);
        Unsafe.WriteUnaligned(@event + DataOffset, data);
    }

    public static uint EventsOf(byte* @event) => Unsafe.ReadUnaligned<uint>(@event);

    public static long DataOf(byte* @event) => Unsafe.ReadUnaligned<long>(@event + DataOffset);
}
