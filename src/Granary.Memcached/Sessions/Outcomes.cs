using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Counts the outcome of an operation and says it in memcached's words.</summary>
internal static class Outcomes
{
    /// <summary>Answers everything but a retrieval.</summary>
    /// <param name="kind">The operation.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="number">The new number, of a count.</param>
    /// <param name="noReply">Whether the client reads no answer.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="counters">The loop's.</param>
    public static void Write(
        PlanItemKind kind, CacheStatus status, ulong number, bool noReply, OutputBuffer output, GatewayCounters counters)
    {
        Count(kind, status, counters);
        if (noReply || kind == PlanItemKind.Silent)
        {
            return;
        }

        bool isCount = kind is PlanItemKind.Increment or PlanItemKind.Decrement;
        if (isCount && status == CacheStatus.Success)
        {
            Span<byte> line = output.GetSpan(Protocol.ReplyWriter.MaxNumberLineLength);
            output.Advance(Protocol.ReplyWriter.WriteNumber(line, number));
            return;
        }

        output.Write(LineOf(kind, status));
    }

    /// <summary>What a status that is no outcome of the command itself reads like.</summary>
    public static ReadOnlySpan<byte> FailureOf(CacheStatus status) => status switch
    {
        CacheStatus.Unknown => "SERVER_ERROR outcome unknown: connection to the owner lost\r\n"u8,
        CacheStatus.NoRoom => Reply.For(ProtocolError.OutOfMemory),
        _ => "SERVER_ERROR temporarily unavailable: try again\r\n"u8,
    };

    private static ReadOnlySpan<byte> LineOf(PlanItemKind kind, CacheStatus status) => status switch
    {
        CacheStatus.Success => kind switch
        {
            PlanItemKind.Touch => Reply.Touched,
            PlanItemKind.Delete => Reply.Deleted,
            _ => Reply.Stored,
        },
        CacheStatus.NotStored => Reply.NotStored,
        CacheStatus.Exists => Reply.Exists,
        CacheStatus.NotFound => Reply.NotFound,
        CacheStatus.TooLarge when kind == PlanItemKind.Join => Reply.NotStored,
        CacheStatus.TooLarge => Reply.For(ProtocolError.ObjectTooLarge),
        CacheStatus.NotNumeric => Reply.For(ProtocolError.NonNumericValue),
        _ => FailureOf(status),
    };

    /// <summary>Counts as memcached does: a value over the limit is no store, and what is no number is not hit.</summary>
    public static void Count(PlanItemKind kind, CacheStatus status, GatewayCounters counters)
    {
        if (status == CacheStatus.TooLarge && kind != PlanItemKind.Join)
        {
            counters.TooLarge++;
            return;
        }

        int hits = status == CacheStatus.Success ? 1 : 0;
        int misses = status == CacheStatus.NotFound ? 1 : 0;
        switch (kind)
        {
            case PlanItemKind.CompareAndSet:
                counters.CmdSet++;
                counters.CasHits += hits;
                counters.CasBadValue += status == CacheStatus.Exists ? 1 : 0;
                counters.CasMisses += misses;
                break;
            case PlanItemKind.Store or PlanItemKind.Join:
                counters.CmdSet++;
                break;
            case PlanItemKind.Increment:
                counters.IncrHits += hits;
                counters.IncrMisses += misses;
                break;
            case PlanItemKind.Decrement:
                counters.DecrHits += hits;
                counters.DecrMisses += misses;
                break;
            case PlanItemKind.Touch:
                counters.CmdTouch++;
                counters.TouchHits += hits;
                counters.TouchMisses += misses;
                break;
            case PlanItemKind.Delete:
                counters.DeleteHits += hits;
                counters.DeleteMisses += misses;
                break;
            default:
                break;
        }

        counters.NoMemory += status == CacheStatus.NoRoom ? 1 : 0;
    }
}
