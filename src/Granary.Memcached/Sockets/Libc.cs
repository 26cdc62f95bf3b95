using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Granary.Memcached.Sockets;

/// <summary>The system calls of an event loop on Linux.</summary>
internal static partial class Libc
{
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollError = 0x008;
    public const uint EpollHangUp = 0x010;
    public const uint EpollReadHangUp = 0x2000;
    public const uint EpollEdgeTriggered = 1u << 31;
    public const int EpollAdd = 1;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int NoSignal = 0x4000;
    public const int MoreFollows = 0x8000;
    public const int Interrupted = 4;
    public const int Again = 11;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeWanted = 0x1; // STATX_TYPE
    private const int StatusBytes = 256; // sizeof(struct statx), the same everywhere
    private const int ModeOffset = 28; // stx_mode
    private const int TypeMask = 0xF000; // S_IFMT
    private const int SocketType = 0xC000; // S_IFSOCK

    /// <summary>Whether a file is a Unix socket, which .NET does not tell.</summary>
    public static unsafe bool IsSocket(string path)
    {
        byte* status = stackalloc byte[StatusBytes];
        return Status(CurrentFolder, path, NoFollow, TypeWanted, status) == 0
            && (*(ushort*)(status + ModeOffset) & TypeMask) == SocketType;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int EpollControl(SafeHandle epoll, int operation, int descriptor, byte* @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int EpollWait(SafeHandle epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeFileHandle EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(SafeHandle descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(SafeHandle descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);
}
