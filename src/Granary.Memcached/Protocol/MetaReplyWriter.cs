using System.Buffers.Text;

namespace Granary.Memcached.Protocol;

/// <summary>Writes the line that answers a meta command: return flags come in the order of the request.</summary>
internal static class MetaReplyWriter
{
    /// <summary>
    /// Longest line: VA and a length, a key of 336 letters of base64 with its b, an opaque flag, six numbers, three marks,
    /// CR LF; or what me answers. Bytes, with some to spare.
    /// </summary>
    public const int MaxLength = 640;

    // <status> [<length>] <flag[token]>*\r\n
    /// <summary>Writes the line.</summary>
    /// <param name="destination"><see cref="MaxLength"/> always fits.</param>
    /// <param name="reply">What it says.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, in MetaReply reply)
    {
        int length = reply.Status.IsEmpty
            ? Append(destination, Append(destination, 0, "VA "u8), reply.ValueLength)
            : Append(destination, 0, reply.Status);
        long secondsLeft = reply.SecondsLeft;
        TokenReader tokens = new(reply.Flags);
        while (tokens.TryRead(out ReadOnlySpan<byte> token))
        {
            byte letter = token[0];
            switch (letter)
            {
                case (byte)'v' or (byte)'q':
                    break; // nearly every request has them, and they are not repeated
                case (byte)'O':
                    length = Append(destination, Append(destination, length, " "u8), token);
                    break;
                case (byte)'k':
                    length = Append(destination, Append(destination, length, " k"u8), reply.Key);
                    length = Append(destination, length, reply.IsBinaryKey ? " b"u8 : default);
                    break;
                case (byte)'T':
                    secondsLeft = reply.SecondsLeftByTouch;
                    break;
                case (byte)'N':
                    secondsLeft = reply.SecondsLeftByCreation ?? secondsLeft;
                    break;
                default:
                    if (reply.Known.Contains(letter))
                    {
                        length = AppendFlag(destination, length, letter, reply, secondsLeft);
                    }

                    break;
            }
        }

        length = Append(destination, length, reply.IsTokenOut ? " Z"u8 : default);
        length = Append(destination, length, reply.IsStale ? " X"u8 : default);
        length = Append(destination, length, reply.HasWon ? " W"u8 : default);
        return Append(destination, length, "\r\n"u8);
    }

    // HD\r\n
    // VA <length>\r\n
    /// <summary>Writes the line of a hit without flags.</summary>
    /// <param name="destination"><see cref="MaxLength"/> always fits.</param>
    /// <param name="valueLength">Bytes of the data, its CR LF not counted; <see langword="null"/> if it does not follow.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteBare(Span<byte> destination, int? valueLength) => valueLength is { } length
        ? Append(destination, Append(destination, Append(destination, 0, "VA "u8), (ulong)length), "\r\n"u8)
        : Append(destination, 0, "HD\r\n"u8);

    // ME <key> exp=<seconds> la=<seconds> cas=<n> fetch=yes|no cls=<n> size=<n>\r\n
    /// <summary>Writes what me answers. There are no slab classes: each is the first.</summary>
    /// <param name="destination"><see cref="MaxLength"/> always fits.</param>
    /// <param name="reply">What it says.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteDebug(Span<byte> destination, in MetaReply reply)
    {
        int length = Append(destination, Append(destination, 0, "ME "u8), reply.Key);
        length = Append(destination, Append(destination, length, " exp="u8), reply.SecondsLeft);
        length = Append(destination, Append(destination, length, " la="u8), reply.SecondsUnused);
        length = Append(destination, Append(destination, length, " cas="u8), reply.Cas);
        length = Append(destination, length, reply.IsFetched ? " fetch=yes cls=1 size="u8 : " fetch=no cls=1 size="u8);
        return Append(destination, Append(destination, length, reply.Size), "\r\n"u8);
    }

    private static int AppendFlag(
        Span<byte> destination, int length, byte letter, in MetaReply reply, long secondsLeft)
    {
        destination[length++] = (byte)' ';
        destination[length++] = letter;
        return letter switch
        {
            (byte)'c' => Append(destination, length, reply.Cas),
            (byte)'f' => Append(destination, length, (ulong)reply.ClientFlags),
            (byte)'h' => Append(destination, length, reply.IsFetched ? "1"u8 : "0"u8),
            (byte)'l' => Append(destination, length, reply.SecondsUnused),
            (byte)'s' => Append(destination, length, reply.Size),
            _ => Append(destination, length, secondsLeft),
        };
    }

    private static int Append(Span<byte> destination, int offset, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[offset..]);
        return offset + text.Length;
    }

    private static int Append(Span<byte> destination, int offset, ulong number)
    {
        Utf8Formatter.TryFormat(number, destination[offset..], out int written);
        return offset + written;
    }

    private static int Append(Span<byte> destination, int offset, long number)
    {
        Utf8Formatter.TryFormat(number, destination[offset..], out int written);
        return offset + written;
    }
}
