using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Counts the outcome of a meta command and says it in memcached's words, wherever it was executed.</summary>
[SkipLocalsInit] // room for keys in base64, which most have no need of
internal sealed class MetaAnswers(CacheStore store, GatewayCounters counters, CommandLog log)
{
    private static readonly int MaxEncodedKeyBytes = Base64.GetMaxEncodedToUtf8Length(ProtocolLimits.MaxKeyLength);

    /// <summary>Writes the whole answer; of a hit with a value only if that is in the reply.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">The outcome.</param>
    /// <param name="output">Where the answer goes.</param>
    public void Write(in Command command, in PackedReply reply, OutputBuffer output)
    {
        Count(command, reply);
        switch (reply.Status)
        {
            case CacheStatus.Success when command.Verb == Verb.MetaGet:
                WriteHit(command, reply, output);
                break;
            case CacheStatus.Success when command.Verb == Verb.MetaDebug:
                WriteDebug(command, reply, output);
                break;
            case CacheStatus.Success when command.Verb == Verb.MetaArithmetic:
                WriteNumber(command, reply, output);
                break;
            case CacheStatus.Success:
                WriteLine(command, "HD"u8, reply, isQuiet: true, output);
                break;
            case CacheStatus.NotStored:
            case CacheStatus.TooLarge when KindOf(command) == PlanItemKind.Join:
                WriteLine(command, "NS"u8, reply, isQuiet: false, output);
                break;
            case CacheStatus.Exists:
                WriteLine(command, "EX"u8, reply, isQuiet: false, output);
                break;
            case CacheStatus.NotFound:
                WriteMiss(command, reply, output);
                break;
            case CacheStatus.NotNumeric:
                output.Write(Reply.NonNumericValue);
                break;
            case CacheStatus.TooLarge:
                output.Write(Reply.ObjectTooLarge);
                break;
            default:
                output.Write(Outcomes.FailureOf(reply.Status));
                break;
        }
    }

    /// <summary>Writes the line of a hit of mg, without counting it; its value follows if it is wanted.</summary>
    public void WriteHitLine(in Command command, in PackedReply reply, bool withValue, OutputBuffer output)
    {
        scoped MetaReply line = LineOf(command, reply);
        line.Status = withValue ? default : "HD"u8;
        line.Known = "stcflh"u8;
        line.IsStale = reply.State.Has(StateBits.Stale);
        line.IsTokenOut = reply.State.Has(StateBits.TokenOut);
        line.HasWon = reply.State.Has(StateBits.Won);
        line.IsBinaryKey = reply.State.Has(StateBits.BinaryKey);
        line.Key = StoredKey(command, line.IsBinaryKey, stackalloc byte[MaxEncodedKeyBytes]);
        output.Advance(MetaReplyWriter.Write(output.GetSpan(MetaReplyWriter.MaxLength), line));
    }

    /// <summary>Counts an outcome, and tells it to those who watch.</summary>
    /// <remarks>As memcached counts: what is created counts as a hit of mg, and not at all of ma.</remarks>
    public void Count(in Command command, in PackedReply reply)
    {
        if (log.IsOn)
        {
            TextLog.TellMeta(log, command, reply);
        }

        CacheStatus status = reply.Status;
        switch (command.Verb)
        {
            case Verb.MetaDebug:
                counters.CmdMeta++;
                break;
            case Verb.MetaGet when status == CacheStatus.Success && command.Meta.Has(MetaOption.Touch):
                counters.CmdTouch++;
                counters.TouchHits++;
                break;
            case Verb.MetaGet:
                counters.CmdGet++;
                counters.GetHits += status == CacheStatus.Success ? 1 : 0;
                counters.GetMisses += status == CacheStatus.NotFound ? 1 : 0;
                break;
            case Verb.MetaSet:
                Outcomes.Count(KindOf(command), status, counters);
                break;
            case Verb.MetaDelete:
                bool stays = command.Meta.Has(MetaOption.Stale) || command.Meta.Has(MetaOption.DropValue);
                counters.DeleteHits += status == CacheStatus.Success && !stays ? 1 : 0;
                counters.DeleteMisses += status is CacheStatus.NotFound or CacheStatus.Exists ? 1 : 0;
                break;
            default:
                CountNumber(command, status, reply.State.Has(StateBits.Created));
                break;
        }
    }

    private void WriteHit(in Command command, in PackedReply reply, OutputBuffer output)
    {
        bool withValue = MetaOperations.WantsValue(command, reply.Cas);
        WriteHitLine(command, reply, withValue, output);
        if (withValue)
        {
            output.Write(reply.Value);
            output.Write(Reply.LineEnd);
        }
    }

    private void WriteDebug(in Command command, in PackedReply reply, OutputBuffer output)
    {
        scoped MetaReply line = LineOf(command, reply);
        line.Size = reply.State.RecordBytes;
        line.Key = StoredKey(
            command, reply.State.Has(StateBits.BinaryKey), stackalloc byte[MaxEncodedKeyBytes]);
        output.Advance(MetaReplyWriter.WriteDebug(output.GetSpan(MetaReplyWriter.MaxLength), line));
    }

    private void WriteNumber(in Command command, in PackedReply reply, OutputBuffer output)
    {
        if (command.Meta.Has(MetaOption.Quiet) && !reply.State.Has(StateBits.Created))
        {
            return; // that it was created is not what is expected
        }

        Span<byte> digits = stackalloc byte[Protocol.ReplyWriter.MaxNumberLineLength];
        int length = Protocol.ReplyWriter.WriteNumber(digits, reply.Number);
        bool withValue = command.Meta.Has(MetaOption.Value);
        MetaReply line = LineOf(command, reply);
        line.Status = withValue ? default : "HD"u8;
        line.ValueLength = length - Reply.LineEnd.Length;
        line.Known = "tc"u8;
        output.Advance(MetaReplyWriter.Write(output.GetSpan(MetaReplyWriter.MaxLength), line));
        output.Write(withValue ? digits[..length] : default);
    }

    private void WriteMiss(in Command command, in PackedReply reply, OutputBuffer output)
    {
        bool isRead = command.Verb is Verb.MetaGet or Verb.MetaDebug;
        WriteLine(command, isRead ? "EN"u8 : "NF"u8, reply, isQuiet: isRead, output);
    }

    // What is expected is not said to who wants quiet.
    private void WriteLine(
        in Command command, ReadOnlySpan<byte> status, in PackedReply reply, bool isQuiet, OutputBuffer output)
    {
        if (isQuiet && command.Meta.Has(MetaOption.Quiet))
        {
            return;
        }

        MetaReply line = LineOf(command, reply);
        line.Status = status;
        line.Known = command.Verb == Verb.MetaSet ? "cs"u8 : default;
        line.Flags = command.Verb == Verb.MetaDebug ? default : line.Flags;
        output.Advance(MetaReplyWriter.Write(output.GetSpan(MetaReplyWriter.MaxLength), line));
    }

    private MetaReply LineOf(in Command command, in PackedReply reply)
    {
        MetaFlags meta = command.Meta;
        return new MetaReply
        {
            ValueLength = reply.State.ValueLength,
            Flags = command.Arguments,
            Key = command.Key,
            IsBinaryKey = meta.Has(MetaOption.BinaryKey),
            Cas = reply.Cas,
            ClientFlags = reply.Flags,
            Size = reply.State.ValueLength,
            SecondsLeft = reply.State.SecondsLeft,
            SecondsLeftByTouch = meta.Has(MetaOption.Touch) ? SecondsLeft(command.ExpirationSeconds) : 0,
            SecondsLeftByCreation = reply.State.Has(StateBits.Created) ? SecondsLeft(meta.CreationSeconds) : null,
            SecondsUnused = reply.State.SecondsUnused,
            IsFetched = reply.State.Has(StateBits.Fetched),
        };
    }

    private long SecondsLeft(long expirationSeconds)
    {
        long raw = Expirations.From(expirationSeconds).Raw;
        return raw > 0 ? raw / 1000 : Expiration.SecondsLeft(-raw, raw == 0 ? 0 : store.UnixMilliseconds);
    }

    // An entry that was found remembers how its key is written, whoever asks.
    private static ReadOnlySpan<byte> StoredKey(in Command command, bool isBinaryKey, Span<byte> room)
    {
        if (isBinaryKey == command.Meta.Has(MetaOption.BinaryKey))
        {
            return command.Key;
        }

        if (!isBinaryKey)
        {
            return MetaOperations.KeyOf(command, room);
        }

        Base64.EncodeToUtf8(command.Key, room, out _, out int length);
        return room[..length];
    }

    // Of ms. A value that is too large by itself is that of no join.
    private PlanItemKind KindOf(in Command command) => MetaOperations.OptionsOf(command).Mode switch
    {
        CacheOperation.CompareAndSet => PlanItemKind.CompareAndSet,
        CacheOperation.Append or CacheOperation.Prepend when command.ValueLength <= store.Options.MaxValueBytes =>
            PlanItemKind.Join,
        _ => PlanItemKind.Store,
    };

    private void CountNumber(in Command command, CacheStatus status, bool isCreated)
    {
        int hits = status == CacheStatus.Success && !isCreated ? 1 : 0;
        int misses = status == CacheStatus.NotFound ? 1 : 0;
        if (MetaOperations.OptionsOf(command).Has(OperationBits.IsNegative))
        {
            counters.DecrHits += hits;
            counters.DecrMisses += misses;
        }
        else
        {
            counters.IncrHits += hits;
            counters.IncrMisses += misses;
        }
    }
}
