using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// get, gets, gat, gats. One of many keys goes on over several turns: its line stays in the input until its END.
/// </summary>
internal sealed class Retrieval(GatewayState gateway, GatewayCounters counters, CommandLog log, ReplyPlan plan)
{
    private Verb _verb;
    private Expiration _expiration;
    private int _lineLength;
    private int _keysEnd;
    private int _offset;

    public bool IsUnderWay { get; private set; }

    /// <summary>The common case: one key, of a shard of this silo, in one piece.</summary>
    /// <returns><see langword="false"/> if it is not; nothing was written or counted.</returns>
    public bool TryGetOne(in Command command, OutputBuffer answers)
    {
        if (command.Verb is not (Verb.Get or Verb.Gets) || !plan.IsEmpty)
        {
            return false;
        }

        var writer = new EntryWriter(answers, command.Key, command.Verb == Verb.Gets);
        StoreResult result = gateway.Cache.Store.Get(gateway.Cache.ShardOf(command.Key), command.Key, ref writer);
        if (result == StoreResult.NotOpen || writer.Pinned is not null)
        {
            writer.Pinned?.Dispose();
            return false;
        }

        Count(command.Key, result, writer.ValueLength);
        answers.Write(Reply.End);
        return true;
    }

    /// <summary>Begins with the first key.</summary>
    /// <param name="command">Its spans point into the line.</param>
    /// <param name="line">The line, with its end.</param>
    public void Begin(in Command command, ReadOnlySpan<byte> line)
    {
        line.Overlaps(command.Arguments, out _offset);
        _keysEnd = _offset + command.Arguments.Length;
        _verb = command.Verb;
        _expiration = Expirations.From(command.ExpirationSeconds);
        _lineLength = line.Length;
        IsUnderWay = true;
    }

    /// <summary>Goes on with the next keys.</summary>
    /// <param name="input">Begins with the line.</param>
    /// <param name="output">Answers, as long as no remote one is waited for.</param>
    /// <param name="enoughBytes">Output at which to stop.</param>
    /// <param name="used">The line's length when it is done, else 0.</param>
    /// <param name="stream">A long value whose VALUE line was written and that is to be sent before going on.</param>
    /// <returns>Continue to go on, Suspended to wait for the plan first.</returns>
    public SessionStatus Continue(
        ReadOnlySpan<byte> input, OutputBuffer output, int enoughBytes, out int used, out ValueStream? stream)
    {
        used = 0;
        stream = null;
        ReadOnlySpan<byte> keys = input[.._keysEnd];
        while (TryNext(keys, out ReadOnlySpan<byte> key))
        {
            if (plan.IsFull)
            {
                return SessionStatus.Suspended;
            }

            OutputBuffer answers = plan.IsEmpty ? output : plan.Side;
            var writer = new EntryWriter(answers, key, _verb is Verb.Gets or Verb.Gats);
            StoreResult result = Read(key, ref writer);
            if (result == StoreResult.NotOpen)
            {
                Plan(key);
            }
            else if (writer.Pinned is { } pinned)
            {
                if (!plan.IsEmpty)
                {
                    pinned.Dispose();
                    return SessionStatus.Suspended; // first what came before; then this key again
                }

                writer.WriteHeader(writer.Entry);
                stream = new ValueStream(pinned, Reply.LineEnd.Length);
            }

            Count(key, result, writer.ValueLength);
            _offset += key.Length;
            if (stream is not null || output.Length >= enoughBytes)
            {
                return SessionStatus.Continue;
            }
        }

        End(output);
        used = _lineLength;
        return SessionStatus.Continue;
    }

    // Moves to the next key, but not behind it.
    private bool TryNext(ReadOnlySpan<byte> keys, out ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> rest = keys[_offset..].TrimStart((byte)' ');
        _offset = keys.Length - rest.Length;
        int space = rest.IndexOf((byte)' ');
        key = space < 0 ? rest : rest[..space];
        return !key.IsEmpty;
    }

    private StoreResult Read(ReadOnlySpan<byte> key, ref EntryWriter writer)
    {
        int shard = gateway.Cache.ShardOf(key);
        return _verb is Verb.Get or Verb.Gets
            ? gateway.Cache.Store.Get(shard, key, ref writer)
            : gateway.Cache.Store.GetAndTouch(shard, key, _expiration, ref writer);
    }

    private void Plan(ReadOnlySpan<byte> key)
    {
        counters.RemoteOperations++;
        var operation = new PackedOperation
        {
            Operation = Operations.OperationOf(_verb),
            Key = key,
            Expiration = _expiration.Raw,
        };
        plan.Add(Operations.KindOf(_verb), operation, key, noReply: false);
    }

    private void End(OutputBuffer output)
    {
        IsUnderWay = false;
        if (plan.IsEmpty)
        {
            output.Write(Reply.End);
        }
        else
        {
            plan.AddEnd(Reply.End);
        }
    }

    // gat counts as a touch, not as a get.
    private void Count(ReadOnlySpan<byte> key, StoreResult result, int valueLength)
    {
        if (log.IsOn)
        {
            log.Read(key, StoreOutcome.StatusOf(result), valueLength);
        }

        bool isTouch = _verb is Verb.Gat or Verb.Gats && IsUnderWay;
        if (isTouch)
        {
            counters.CmdTouch++;
            counters.TouchHits += result == StoreResult.Success ? 1 : 0;
            counters.TouchMisses += result == StoreResult.NotFound ? 1 : 0;
            return;
        }

        counters.CmdGet++;
        counters.GetHits += result == StoreResult.Success ? 1 : 0;
        counters.GetMisses += result == StoreResult.NotFound ? 1 : 0;
    }
}
