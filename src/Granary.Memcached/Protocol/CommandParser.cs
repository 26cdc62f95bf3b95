// The text protocol of memcached, as memcached 1.6.45 speaks it (doc/protocol.txt is silent on most of what follows).
//
// A command is one line, ended by LF; a CR right before it is dropped. The parser takes one line off the buffer and
// says what it means. It keeps no state: an unfinished line is scanned again from its start when more has arrived.
// The data block of a storage command is not its business, because large values are streamed.
//
// Invariants:
//  - What a line means does not depend on how it was cut into segments. The exception is memcached's too: an
//    unfinished line that is over-long closes the connection, and had it arrived whole it would have been parsed.
//  - Nothing here throws or allocates, whatever the bytes.
//
// A first byte 0x80 (the binary protocol) is not special: it is the session that looks at the first byte of a connection,
// and from then on such a line is an unknown command like any other.
using System.Buffers;
using System.Buffers.Binary;

namespace Granary.Memcached.Protocol;

/// <summary>Reads command lines. Pure; safe on any thread.</summary>
internal static class CommandParser
{
    private const byte Space = (byte)' ';

    // No command has one letter: memcached calls such a line malformed, not unknown.
    private const int MinLineLength = 2;

    // "get " and "set " as little-endian words: nearly all commands of a cache begin with one of them. Not looking for
    // the end of the name takes a get of one key from 21-25 ns to 11-16 ns (a loop over TryRead, 2-core VM, shared).
    private const uint GetPrefix = 0x20746567;
    private const uint SetPrefix = 0x20746573;

    // "mg ", three bytes of such a word.
    private const uint MetaGetPrefix = 0x0020676D;
    private const uint ThreeBytes = 0x00FF_FFFF;

    /// <summary>Reads the command line that <paramref name="buffer"/> begins with.</summary>
    /// <param name="buffer">What the client sent and nobody has consumed yet.</param>
    /// <param name="command">The command, or why it was rejected.</param>
    /// <param name="consumed">Bytes of the line, LF included; without the data block. 0 if more data is needed.</param>
    /// <returns>Done; NeedMoreData: the line is not complete; InvalidData: rejected. Then the server must answer
    /// <see cref="Command.Error"/> unless <see cref="Command.NoReply"/>, skip <see cref="Command.SwallowBytes"/>, and
    /// close the connection if <see cref="Command.Close"/> says so.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> buffer, out Command command, out int consumed)
    {
        int length = buffer.IndexOf((byte)'\n');
        if (length < 0)
        {
            return ReadUnfinished(buffer, out command, out consumed);
        }

        consumed = length + 1;
        if (consumed > ProtocolLimits.MaxLineLength)
        {
            return Reject.Connection(out command, ProtocolError.LineTooLong);
        }

        if (length > 0 && buffer[length - 1] == (byte)'\r')
        {
            length--;
        }

        return ReadLine(buffer[..length], out command);
    }

    private static OperationStatus ReadLine(ReadOnlySpan<byte> line, out Command command)
    {
        if (BinaryPrimitives.TryReadUInt32LittleEndian(line, out uint prefix))
        {
            switch (prefix)
            {
                case GetPrefix:
                    return RetrievalParser.ReadGet(Verb.Get, line[sizeof(uint)..], out command);
                case SetPrefix:
                    return StorageParser.Read(Verb.Set, line[sizeof(uint)..], out command);
            }

            if ((prefix & ThreeBytes) == MetaGetPrefix)
            {
                return MetaParser.Read(Verb.MetaGet, line[2..], out command);
            }
        }

        return ReadByName(line, out command);
    }

    private static OperationStatus ReadByName(ReadOnlySpan<byte> line, out Command command)
    {
        if (line.Length < MinLineLength)
        {
            return Reject.Line(out command, Verb.None, ProtocolError.BadLineFormat);
        }

        int nameLength = line.IndexOf(Space);
        ReadOnlySpan<byte> name = nameLength < 0 ? line : line[..nameLength];
        ReadOnlySpan<byte> arguments = line[name.Length..];
        Verb verb = VerbName.Find(name);
        switch (verb)
        {
            case Verb.Get or Verb.Gets:
                return RetrievalParser.ReadGet(verb, arguments, out command);
            case Verb.Gat or Verb.Gats:
                return RetrievalParser.ReadGetAndTouch(verb, arguments, out command);
            case Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas:
                return StorageParser.Read(verb, arguments, out command);
            case Verb.Incr or Verb.Decr:
                return KeyCommandParser.ReadArithmetic(verb, arguments, out command);
            case Verb.Touch:
                return KeyCommandParser.ReadTouch(arguments, out command);
            case Verb.Delete:
                return KeyCommandParser.ReadDelete(arguments, out command);
            case >= Verb.MetaGet and <= Verb.MetaNoop:
                return MetaParser.Read(verb, arguments, out command);
            case Verb.None:
                return RejectUnknown(line, out command);
            default:
                return ServerCommandParser.Read(verb, arguments, out command);
        }
    }

    // GET / HTTP/1.1: a browser, or a request forged through one. It gets no answer that it could show to anybody.
    private static OperationStatus RejectUnknown(ReadOnlySpan<byte> line, out Command command)
    {
        ReadOnlySpan<byte> trimmed = line.Trim(Space);
        int lastSpace = trimmed.LastIndexOf(Space);
        return lastSpace > 0 && trimmed[(lastSpace + 1)..].StartsWith("HTTP/"u8)
            ? Reject.Connection(out command, ProtocolError.None)
            : Reject.Line(out command, Verb.None, ProtocolError.UnknownCommand);
    }

    private static OperationStatus ReadUnfinished(ReadOnlySpan<byte> buffer, out Command command, out int consumed)
    {
        if (buffer.Length > ProtocolLimits.MaxUnfinishedLineLength)
        {
            bool isRetrieval = IsRetrieval(buffer);
            if (!isRetrieval || buffer.Length >= ProtocolLimits.MaxLineLength)
            {
                consumed = buffer.Length;
                return Reject.Connection(out command, isRetrieval ? ProtocolError.LineTooLong : ProtocolError.None);
            }
        }

        command = default;
        consumed = 0;
        return OperationStatus.NeedMoreData;
    }

    // Spaces before the name are let through here, as in memcached, though the finished line is then rejected.
    private static bool IsRetrieval(ReadOnlySpan<byte> unfinished)
    {
        ReadOnlySpan<byte> line = unfinished.TrimStart(Space);
        return unfinished.Length - line.Length <= ProtocolLimits.MaxLeadingSpaces
            && (line.StartsWith("get "u8) || line.StartsWith("gets "u8)
                || line.StartsWith("gat "u8) || line.StartsWith("gats "u8));
    }
}
