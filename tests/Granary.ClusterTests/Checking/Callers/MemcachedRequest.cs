using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Writes operations as commands of memcached's text protocol.</summary>
internal static class MemcachedRequest
{
    private const int MaxLineBytes = 512; // a key of 250 bytes and four numbers

    /// <param name="buffer">The command is appended.</param>
    /// <param name="operation">A get is sent as "gets", so that it brings the cas.</param>
    public static void Write(ArrayBufferWriter<byte> buffer, in Operation operation)
    {
        buffer.Write(VerbOf(operation.Kind));
        buffer.Write(operation.Key.Span);
        Span<byte> line = buffer.GetSpan(MaxLineBytes);
        int length = operation.Value.Length;
        // set|add|append <key> <flags> <exptime> <bytes>\r\n<data>\r\n; of cas <bytes> is followed by <cas>.
        int written = operation.Kind switch
        {
            OperationKind.Set or OperationKind.Add or OperationKind.Append =>
                Format(line, $" {operation.Flags} {operation.LifetimeSeconds} {length}\r\n"),
            OperationKind.CompareAndSet =>
                Format(line, $" {operation.Flags} {operation.LifetimeSeconds} {length} {operation.Cas}\r\n"),
            OperationKind.Increment => Format(line, $" 1\r\n"),
            OperationKind.Touch => Format(line, $" {operation.LifetimeSeconds}\r\n"),
            _ => Format(line, $"\r\n"),
        };
        buffer.Advance(written);
        if (Stores(operation.Kind))
        {
            buffer.Write(operation.Value.Span);
            buffer.Write("\r\n"u8);
        }
    }

    private static bool Stores(OperationKind kind) =>
        kind is OperationKind.Set or OperationKind.Add or OperationKind.Append or OperationKind.CompareAndSet;

    private static ReadOnlySpan<byte> VerbOf(OperationKind kind) => kind switch
    {
        OperationKind.Get => "gets "u8,
        OperationKind.Set => "set "u8,
        OperationKind.Add => "add "u8,
        OperationKind.Append => "append "u8,
        OperationKind.CompareAndSet => "cas "u8,
        OperationKind.Increment => "incr "u8,
        OperationKind.Touch => "touch "u8,
        OperationKind.Delete => "delete "u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an operation."),
    };

    private static int Format(
        Span<byte> destination,
        [InterpolatedStringHandlerArgument(nameof(destination))] ref Utf8.TryWriteInterpolatedStringHandler text) =>
        Utf8.TryWrite(destination, ref text, out int written)
            ? written
            : throw new InvalidOperationException($"The line does not fit into {destination.Length} bytes.");
}
