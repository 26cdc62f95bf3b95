using System.Buffers;
using System.Buffers.Text;

namespace Granary.Memcached.Protocol;

/// <summary>Reads the arguments of the meta commands: mg, ms, md, ma, me, mn.</summary>
internal static class MetaParser
{
    private const int DataLineEndLength = 2;

    // mg|md|ma <key> <flags>*\r\n
    // ms <key> <datalen> <flags>*\r\n
    // me <key> [b]\r\n
    // mn\r\n
    //
    // Once the length of a data block is good, any error swallows it. Errors are answered whatever the flags say.
    public static OperationStatus Read(Verb verb, ReadOnlySpan<byte> arguments, out Command command)
    {
        if (verb == Verb.MetaNoop)
        {
            command = new Command { Verb = verb };
            return OperationStatus.Done;
        }

        TokenReader tokens = new(arguments);
        uint valueLength = 0;
        if (!tokens.TryRead(out ReadOnlySpan<byte> key)
            || (verb == Verb.MetaSet && !TryReadLength(ref tokens, out valueLength)))
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
        }

        command = new Command
        {
            Verb = verb,
            Key = key,
            Arguments = tokens.Rest,
            ValueLength = (int)valueLength,
            Number = 1, // the delta of ma
        };
        ProtocolError error = key.Length > ProtocolLimits.MaxKeyLength ? ProtocolError.BadLineFormat
            : verb == Verb.MetaDebug ? ReadDebugFlags(ref command)
            : ReadFlags(ref command);
        if (error == ProtocolError.None)
        {
            return OperationStatus.Done;
        }

        if (key.Length <= ProtocolLimits.MaxKeyLength && CountTokens(arguments) >= ProtocolLimits.MaxMetaTokens)
        {
            error = ProtocolError.TooManyFlags; // it is looked at before them
        }

        int swallowBytes = verb == Verb.MetaSet ? (int)valueLength + DataLineEndLength : 0;
        return Reject.Line(out command, verb, error, swallowBytes: swallowBytes);
    }

    private static bool TryReadLength(ref TokenReader tokens, out uint valueLength)
    {
        tokens.TryRead(out ReadOnlySpan<byte> text);
        return AsciiNumber.TryParseUInt32(text, out valueLength) && valueLength <= ProtocolLimits.MaxValueLength;
    }

    // 1.6.45 does not decode the key, because it counts words differently there; 1.6.18 does.
    private static ProtocolError ReadDebugFlags(ref Command command)
    {
        TokenReader tokens = new(command.Arguments);
        if (!tokens.TryRead(out ReadOnlySpan<byte> word) || !word.SequenceEqual("b"u8))
        {
            return ProtocolError.None;
        }

        command.Meta = new MetaFlags { Options = MetaOption.BinaryKey };
        return IsBase64(command.Key) ? ProtocolError.None : ProtocolError.BadLineFormat;
    }

    private static ProtocolError ReadFlags(ref Command command)
    {
        MetaFlags meta = default;
        ProtocolError error = ProtocolError.None;
        bool isOpaqueTooLong = false;
        ulong seen = 0;
        int count = command.Verb == Verb.MetaSet ? 3 : 2; // name, key, length
        TokenReader tokens = new(command.Arguments);
        while (tokens.TryRead(out ReadOnlySpan<byte> token))
        {
            count++;
            byte letter = token[0];
            if (!char.IsAsciiLetter((char)letter))
            {
                error = char.IsAsciiDigit((char)letter) ? ProtocolError.InvalidFlag : ProtocolError.BadLineFormat;
                return ForVerb(command.Verb, error);
            }

            ulong bit = 1UL << (letter - 'A');
            if ((seen & bit) != 0)
            {
                return ForVerb(command.Verb, ProtocolError.DuplicateFlag);
            }

            seen |= bit;
            ProtocolError found = ReadFlag(ref command, ref meta, letter, token[1..], ref isOpaqueTooLong);
            if (found == ProtocolError.InvalidFlag)
            {
                return ForVerb(command.Verb, found);
            }

            // The last error is told. Bad client flags have no words of their own: they leave those of another error.
            error = found == ProtocolError.None || (found == ProtocolError.BadLineFormat && error != ProtocolError.None)
                ? error
                : found;
        }

        command.Meta = meta;
        return error != ProtocolError.None ? ForVerb(command.Verb, error)
            : count > ProtocolLimits.MaxMetaTokens ? ProtocolError.TooManyFlags
            : !IsKnownMode(command.Verb, meta.Mode, out ProtocolError badMode) ? badMode
            : isOpaqueTooLong ? ProtocolError.OpaqueTooLong
            : ProtocolError.None;
    }

    private static ProtocolError ReadFlag(
        ref Command command, ref MetaFlags meta, byte letter, ReadOnlySpan<byte> text, ref bool isOpaqueTooLong)
    {
        switch (letter)
        {
            case (byte)'v':
                meta.Options |= MetaOption.Value;
                return ProtocolError.None;
            case (byte)'q':
                meta.Options |= MetaOption.Quiet;
                return ProtocolError.None;
            case (byte)'u':
                meta.Options |= MetaOption.NoUse;
                return ProtocolError.None;
            case (byte)'l':
                meta.Options |= MetaOption.LastUse;
                return ProtocolError.None;
            case (byte)'I':
                meta.Options |= MetaOption.Stale;
                return ProtocolError.None;
            case (byte)'x':
                meta.Options |= MetaOption.DropValue;
                return ProtocolError.None;
            case (byte)'b':
                meta.Options |= MetaOption.BinaryKey;
                return IsBase64(command.Key) ? ProtocolError.None : ProtocolError.BadBase64;
            case (byte)'k' or (byte)'s' or (byte)'t' or (byte)'c' or (byte)'f' or (byte)'h':
                meta.Options |= MetaOption.Repeats;
                return ProtocolError.None;
            case (byte)'P' or (byte)'L':
                return ProtocolError.None;
            case (byte)'O':
                meta.Options |= MetaOption.Repeats;
                isOpaqueTooLong = text.Length >= ProtocolLimits.MaxOpaqueLength;
                return ProtocolError.None;
            case (byte)'M':
                meta.Mode = text.IsEmpty ? (byte)' ' : text[0];
                return ProtocolError.None;
            default:
                return ReadNumber(ref command, ref meta, letter, text);
        }
    }

    private static ProtocolError ReadNumber(
        ref Command command, ref MetaFlags meta, byte letter, ReadOnlySpan<byte> text)
    {
        bool isGood;
        long seconds;
        ulong number;
        switch (letter)
        {
            case (byte)'T':
                isGood = AsciiNumber.TryParseInt64(text, out seconds);
                command.ExpirationSeconds = seconds;
                meta.Options |= MetaOption.Touch
                    | (meta.Has(MetaOption.Create) ? MetaOption.TouchAfterCreate : MetaOption.None);
                break;
            case (byte)'N':
                isGood = AsciiNumber.TryParseInt64(text, out seconds);
                meta.CreationSeconds = seconds;
                meta.Options |= MetaOption.Create;
                break;
            case (byte)'R':
                isGood = AsciiNumber.TryParseInt64(text, out seconds);
                meta.RefreshSeconds = seconds;
                meta.Options |= MetaOption.Refresh
                    | (meta.Has(MetaOption.Touch) ? MetaOption.RefreshAfterTouch : MetaOption.None);
                break;
            case (byte)'C':
                isGood = AsciiNumber.TryParseUInt64(text, out number);
                meta.Compare = number;
                meta.Options |= MetaOption.Compare;
                break;
            case (byte)'E':
                isGood = AsciiNumber.TryParseUInt64(text, out number);
                meta.NewCas = number;
                break;
            case (byte)'D':
                bool isDelta = AsciiNumber.TryParseUInt64(text, out number);
                command.Number = number;
                return isDelta ? ProtocolError.None : ProtocolError.InvalidDeltaValue;
            case (byte)'J':
                bool isInitial = AsciiNumber.TryParseUInt64(text, out number);
                meta.Initial = number;
                return isInitial ? ProtocolError.None : ProtocolError.InvalidInitialValue;
            case (byte)'F':
                bool areFlags = AsciiNumber.TryParseUInt32(text, out uint flags);
                command.Flags = flags;
                return areFlags ? ProtocolError.None : ProtocolError.BadLineFormat;
            default:
                return ProtocolError.InvalidFlag;
        }

        return isGood ? ProtocolError.None : ProtocolError.BadToken;
    }

    private static ProtocolError ForVerb(Verb verb, ProtocolError error) =>
        verb == Verb.MetaArithmetic ? ProtocolError.InvalidOrDuplicateFlag : error;

    private static bool IsKnownMode(Verb verb, byte mode, out ProtocolError error)
    {
        error = verb == Verb.MetaSet ? ProtocolError.InvalidSetMode : ProtocolError.InvalidArithmeticMode;
        return mode == 0 || verb switch
        {
            Verb.MetaSet => "SERAP"u8.Contains(mode),
            Verb.MetaArithmetic => "I+D-"u8.Contains(mode),
            _ => true,
        };
    }

    // Strict, unlike memcached, which passes over what is no letter of base64: two ways to write a key would be one entry.
    private static bool IsBase64(ReadOnlySpan<byte> text)
    {
        Span<byte> decoded = stackalloc byte[ProtocolLimits.MaxKeyLength];
        return Base64.DecodeFromUtf8(text, decoded, out int consumed, out int written) == OperationStatus.Done
            && consumed == text.Length && written > 0;
    }

    private static int CountTokens(ReadOnlySpan<byte> arguments)
    {
        int count = 0;
        TokenReader tokens = new(arguments);
        while (tokens.TryRead(out _))
        {
            count++;
        }

        return count;
    }
}
