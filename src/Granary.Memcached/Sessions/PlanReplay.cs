using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Writes the planned answers when other silos have answered theirs.</summary>
internal sealed class PlanReplay(
    GatewayState gateway,
    GatewayCounters counters,
    CommandLog log,
    ReplyPlan plan,
    ICommandReplay commands,
    Action resume)
{
    private readonly ValueOpening _opening = new(gateway, resume);

    /// <summary>Writes answers, as far as they have come and the output takes them; empties the plan behind the last.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="enoughBytes">Output at which to stop.</param>
    /// <param name="stream">A long value whose VALUE line was written and that is to be sent before going on.</param>
    /// <returns>Continue, or Suspended while other silos have not all answered.</returns>
    public SessionStatus Continue(OutputBuffer output, int enoughBytes, out ValueStream? stream)
    {
        stream = null;
        if (!plan.IsComplete)
        {
            return SessionStatus.Suspended;
        }

        while (!plan.IsDone && stream is null && output.Length < enoughBytes)
        {
            PlanItem item = plan.Peek(out ReadOnlySpan<byte> bytes);
            if (item.Kind is PlanItemKind.Literal or PlanItemKind.End)
            {
                output.Write(bytes);
                plan.Next();
            }
            else if (item.Kind is PlanItemKind.Get or PlanItemKind.Gets)
            {
                SessionStatus status = ReplayGet(item, bytes, output, out stream);
                if (status != SessionStatus.Continue)
                {
                    return status;
                }
            }
            else if (item.Kind == PlanItemKind.Command)
            {
                if (!commands.TryAnswer(bytes, plan.Reply, output, out stream))
                {
                    return SessionStatus.Suspended;
                }

                plan.Next();
            }
            else if (item.Kind == PlanItemKind.Confirmed)
            {
                commands.Confirm(bytes, plan.Reply.Status, output);
                plan.Next();
            }
            else
            {
                ref readonly RemoteReply reply = ref plan.Reply;
                Tell(bytes, reply.Status);
                Outcomes.Write(item.Kind, reply.Status, reply.Number, item.NoReply, output, counters);
                plan.Next();
            }
        }

        if (plan.IsDone && stream is null)
        {
            plan.Reset();
        }

        return SessionStatus.Continue;
    }

    // There is a line if somebody has looked when it was planned.
    private void Tell(ReadOnlySpan<byte> line, CacheStatus status)
    {
        if (!line.IsEmpty)
        {
            CommandParser.TryRead(line, out Command command, out _);
            TextLog.Tell(log, command, status);
        }
    }

    private SessionStatus ReplayGet(
        PlanItem item, ReadOnlySpan<byte> key, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        ref readonly RemoteReply reply = ref plan.Reply;
        var writer = new EntryWriter(output, key, item.Kind == PlanItemKind.Gets);
        if (log.IsOn)
        {
            log.Read(key, reply.Status, reply.Value.Length);
        }

        switch (reply.Status)
        {
            case CacheStatus.Success:
                counters.GetHits++;
                writer.Accept(new EntryInfo(reply.Value.Length, reply.Flags, reply.Cas, 0), reply.Value);
                break;
            case CacheStatus.NotFound:
                counters.GetMisses++;
                break;
            case CacheStatus.Paged:
                return ReplayPaged(key, ref writer, out stream);
            default:
                output.Write(reply.Status == CacheStatus.NoRoom ? Reply.Busy : Outcomes.FailureOf(reply.Status));
                plan.SkipToEnd();
                return SessionStatus.Continue;
        }

        plan.Next();
        return SessionStatus.Continue;
    }

    private SessionStatus ReplayPaged(ReadOnlySpan<byte> key, ref EntryWriter writer, out ValueStream? stream)
    {
        stream = null;
        if (!_opening.IsUnderWay)
        {
            _opening.Begin(new PagedReadRequest { Key = key.ToArray() });
        }

        if (!_opening.TryTake(out RemoteRead read))
        {
            return SessionStatus.Suspended;
        }

        if (log.IsOn)
        {
            bool isHit = read.Reply is { Status: CacheStatus.Success };
            log.Read(key, isHit ? CacheStatus.Success : CacheStatus.NotFound, read.Reply?.Length ?? 0);
        }

        if (read.Reply is { Status: CacheStatus.Success } reply)
        {
            counters.GetHits++;
            writer.WriteHeader(new EntryInfo(reply.Length, reply.Flags, reply.Cas, 0));
            stream = new ValueStream(read, Reply.LineEnd.Length, resume);
        }
        else
        {
            counters.GetMisses++; // gone between the two questions, or its silo is
        }

        plan.Next();
        return SessionStatus.Continue;
    }
}
