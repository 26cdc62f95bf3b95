using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Answers meta commands that other silos have executed.</summary>
internal sealed class MetaReplay(GatewayState gateway, MetaAnswers answers, Action resume)
{
    private Task<RemoteRead>? _opening;

    /// <summary>Answers one.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="remote">The outcome.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="stream">A long value whose line was written and that is to be sent before going on.</param>
    /// <returns><see langword="false"/> if a long value is on its way: call it again.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> line, in RemoteReply remote, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        CommandParser.TryRead(line, out Command command, out _);
        if (remote.Status == CacheStatus.Paged)
        {
            return TryAnswerPaged(command, output, out stream);
        }

        if (remote.Status == CacheStatus.NoRoom && command.Verb is Verb.MetaGet or Verb.MetaDebug)
        {
            output.Write(Reply.Busy);
            return true;
        }

        var reply = new PackedReply
        {
            Status = remote.Status,
            Cas = remote.Cas,
            Flags = remote.Flags,
            Number = remote.Number,
            Value = remote.Value,
            State = remote.State,
        };
        answers.Write(command, reply, output);
        return true;
    }

    // Nothing was done yet of what the command asks for: its silo does it all when the value is opened.
    private bool TryAnswerPaged(in Command command, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        if (_opening is null)
        {
            ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
            PackedOperation operation = MetaOperations.From(command, key);
            var request = new PagedReadRequest
            {
                Key = key.ToArray(),
                Expiration = operation.Options.Has(OperationBits.Touches) ? operation.Expiration : null,
                Options = operation.Options,
            };
            _opening = gateway.Cache.OpenReadAsync(request).AsTask();
            Resumption.After(_opening, resume);
            return false;
        }

        if (!_opening.IsCompleted)
        {
            return false;
        }

        RemoteRead read = Resumption.ResultOf(_opening);
        _opening = null;
        if (read.Reply is not { Status: CacheStatus.Success } opened)
        {
            CacheStatus status = read.Reply?.Status ?? CacheStatus.NotOwner;
            answers.Write(command, new PackedReply { Status = status }, output);
            return true;
        }

        var reply = new PackedReply
        {
            Status = CacheStatus.Success,
            Cas = opened.Cas,
            Flags = opened.Flags,
            State = opened.State with { ValueLength = opened.Length },
        };
        answers.CountHit(command, opened.State.Has(StateBits.Created));
        bool withValue = MetaOperations.WantsValue(command, opened.Cas);
        answers.WriteHitLine(command, reply, withValue, output);
        stream = new ValueStream(read, resume);
        if (!withValue)
        {
            stream.Dispose();
            stream = null;
        }

        return true;
    }
}
