using System.Buffers.Binary;
using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Counts the outcome of a binary request and answers it, wherever it was executed.</summary>
/// <param name="maxValueBytes">Longest value that is taken.</param>
/// <param name="counters">The loop's.</param>
/// <param name="log">The connection's.</param>
internal sealed class BinaryAnswers(int maxValueBytes, GatewayCounters counters, CommandLog log)
{
    /// <summary>Counts and answers a request about one entry.</summary>
    /// <param name="request">The request.</param>
    /// <param name="reply">The outcome.</param>
    /// <param name="output">Where the answer goes.</param>
    public void Write(in BinaryRequest request, in PackedReply reply, OutputBuffer output)
    {
        Count(request, reply.Status, reply.Value.Length, isCreated: reply.State.Has(StateBits.Created));
        bool isMiss = reply.Status == CacheStatus.NotFound && request.IsGet;
        if (reply.Status == CacheStatus.Success)
        {
            WriteSuccess(request, reply, output);
        }
        else if (isMiss && request.WantsKey && !request.Header.IsQuiet)
        {
            WriteHeader(request, BinaryStatus.NotFound, request.Key.Length, valueLength: 0, cas: 0, output);
            output.Write(request.Key);
        }
        else if (!isMiss || !request.Header.IsQuiet)
        {
            WriteError(request, StatusOf(request, reply.Status), output);
        }
    }

    /// <summary>Counts a hit that was written.</summary>
    public void CountHit(in BinaryRequest request, int valueLength) =>
        Count(request, CacheStatus.Success, valueLength, isCreated: false);

    /// <summary>Answers what has succeeded and is not about one entry, with some bytes; not a quiet request.</summary>
    public static void WriteDone(in BinaryRequest request, ReadOnlySpan<byte> value, OutputBuffer output)
    {
        if (!request.Header.IsQuiet)
        {
            WriteHeader(request, BinaryStatus.Success, keyLength: 0, value.Length, cas: 0, output);
            output.Write(value);
        }
    }

    /// <summary>Answers what has failed, quiet or not.</summary>
    public static void WriteError(in BinaryRequest request, BinaryStatus status, OutputBuffer output)
    {
        ReadOnlySpan<byte> words = BinaryReplyWriter.WordsOf(status);
        WriteHeader(request, status, keyLength: 0, words.Length, cas: 0, output);
        output.Write(words);
    }

    /// <summary>Answers what has failed for a reason that is not of the request itself.</summary>
    public void WriteFailure(in BinaryRequest request, CacheStatus status, OutputBuffer output) =>
        WriteError(request, StatusOf(request, status), output);

    /// <summary>Answers stat: a reply for each name, and one without a name.</summary>
    public static void WriteStatistics(
        in BinaryRequest request, List<(string Name, string Value)> statistics, OutputBuffer output)
    {
        foreach ((string name, string value) in statistics)
        {
            WriteHeader(request, BinaryStatus.Success, name.Length, value.Length, cas: 0, output);
            output.Write(Encoding.ASCII.GetBytes(name));
            output.Write(Encoding.Latin1.GetBytes(value));
        }

        WriteDone(request, default, output);
    }

    private static void WriteSuccess(in BinaryRequest request, in PackedReply reply, OutputBuffer output)
    {
        if (request.IsGet)
        {
            int headLength = BinaryHeader.Length + BinaryReplyWriter.FlagsLength + request.Key.Length;
            output.Advance(BinaryReplyWriter.WriteHit(
                output.GetSpan(headLength), request, reply.Flags, reply.Value.Length, reply.Cas));
            output.Write(reply.Value);
            return;
        }

        if (request.Header.IsQuiet)
        {
            return;
        }

        switch (request.Command)
        {
            case BinaryOpcode.Touch:
                Span<byte> target = output.GetSpan(BinaryHeader.Length + BinaryReplyWriter.FlagsLength);
                output.Advance(BinaryReplyWriter.WriteHit(target, request, reply.Flags, valueLength: 0, reply.Cas));
                break;
            case BinaryOpcode.Increment or BinaryOpcode.Decrement:
                WriteHeader(request, BinaryStatus.Success, keyLength: 0, sizeof(ulong), reply.Cas, output);
                BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(sizeof(ulong)), reply.Number);
                output.Advance(sizeof(ulong));
                break;
            default:
                WriteHeader(request, BinaryStatus.Success, keyLength: 0, valueLength: 0, reply.Cas, output);
                break;
        }
    }

    private static void WriteHeader(
        in BinaryRequest request, BinaryStatus status, int keyLength, int valueLength, ulong cas, OutputBuffer output)
    {
        Span<byte> target = output.GetSpan(BinaryHeader.Length);
        output.Advance(BinaryReplyWriter.WriteHeader(
            target, request.Header, status, extrasLength: 0, keyLength, valueLength, cas));
    }

    private BinaryStatus StatusOf(in BinaryRequest request, CacheStatus status) => status switch
    {
        CacheStatus.NotStored => request.Command switch
        {
            BinaryOpcode.Add => BinaryStatus.Exists,
            BinaryOpcode.Replace => BinaryStatus.NotFound,
            _ => BinaryStatus.NotStored,
        },
        CacheStatus.Exists => BinaryStatus.Exists,
        CacheStatus.NotFound => BinaryStatus.NotFound,
        CacheStatus.TooLarge when KindOf(request) == PlanItemKind.Join => BinaryStatus.NotStored,
        CacheStatus.TooLarge => BinaryStatus.TooLarge,
        CacheStatus.NotNumeric => BinaryStatus.NotNumeric,
        CacheStatus.NoRoom => request.IsGet ? BinaryStatus.Busy : BinaryStatus.OutOfMemory,
        CacheStatus.Unknown => BinaryStatus.Unknown,
        _ => BinaryStatus.Unavailable,
    };

    // As memcached counts: what is created counts not at all, nor does a count or deletion with another cas.
    private void Count(in BinaryRequest request, CacheStatus status, int valueLength, bool isCreated)
    {
        if (log.IsOn)
        {
            BinaryLog.Tell(log, request, status, valueLength);
        }

        switch (request.Command)
        {
            case BinaryOpcode.Get or BinaryOpcode.GetKey:
                counters.CmdGet++;
                counters.GetHits += status == CacheStatus.Success ? 1 : 0;
                counters.GetMisses += status == CacheStatus.NotFound ? 1 : 0;
                break;
            case BinaryOpcode.Delete or BinaryOpcode.Increment or BinaryOpcode.Decrement
                when isCreated || status == CacheStatus.Exists:
                break;
            default:
                Outcomes.Count(KindOf(request), status, counters);
                break;
        }
    }

    // A value that is too large by itself is that of no join.
    private PlanItemKind KindOf(in BinaryRequest request) => request.Command switch
    {
        BinaryOpcode.Touch or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch => PlanItemKind.Touch,
        BinaryOpcode.Delete => PlanItemKind.Delete,
        BinaryOpcode.Increment => PlanItemKind.Increment,
        BinaryOpcode.Decrement => PlanItemKind.Decrement,
        BinaryOpcode.Append or BinaryOpcode.Prepend when request.ValueLength <= maxValueBytes => PlanItemKind.Join,
        BinaryOpcode.Append or BinaryOpcode.Prepend => PlanItemKind.Store,
        _ => request.Header.Cas == 0 ? PlanItemKind.Store : PlanItemKind.CompareAndSet,
    };
}
