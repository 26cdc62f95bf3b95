using System.Runtime.InteropServices;

namespace Granary.Store.Memory;

// On Linux the space is reserved without being counted as used (MAP_NORESERVE), so that it may be a multiple of what the
// store begins with, and what is not needed for now is given back a piece at a time. Elsewhere it is as large as at the
// beginning and is given back as a whole.

/// <summary>A reservation of addresses: memory is taken as it is touched.</summary>
internal sealed unsafe partial class AddressSpace : IDisposable
{
    // Addresses begin on a huge page, so that the kernel can use huge pages.
    private const int Alignment = 2 << 20;

    private const int ReadWrite = 0x1 | 0x2; // PROT_READ, PROT_WRITE
    private const int PrivateUncounted = 0x2 | 0x20 | 0x4000; // MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE
    private const int DontNeed = 4; // MADV_DONTNEED

    private readonly nint _mapped;
    private readonly nuint _mappedBytes;
    private bool _isDisposed;

    /// <param name="leastBytes">What there has to be.</param>
    /// <param name="mostBytes">What there should be.</param>
    /// <exception cref="OutOfMemoryException">There is not even the least.</exception>
    public AddressSpace(long leastBytes, long mostBytes)
    {
        _mappedBytes = (nuint)mostBytes + Alignment;
        _mapped = OperatingSystem.IsLinux() ? Map(0, _mappedBytes, ReadWrite, PrivateUncounted, -1, 0) : -1;
        if (_mapped != -1)
        {
            Start = (byte*)(((nuint)_mapped + Alignment - 1) & ~(nuint)(Alignment - 1));
            Bytes = mostBytes;
        }
        else
        {
            Start = (byte*)NativeMemory.AlignedAlloc((nuint)leastBytes, Alignment);
            Bytes = leastBytes;
        }
    }

    public byte* Start { get; }

    public long Bytes { get; }

    /// <summary>Gives the memory of whole pages back; they are zeros when they are touched again.</summary>
    public static void GiveBack(byte* start, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise((nint)start, (nuint)bytes, DontNeed); // advice: without it they are used again later
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_mapped != -1)
        {
            _ = Unmap(_mapped, _mappedBytes);
        }
        else
        {
            NativeMemory.AlignedFree(Start);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
