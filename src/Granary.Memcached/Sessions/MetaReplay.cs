using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Answers meta commands that other silos have executed.</summary>
internal sealed class MetaReplay(GatewayState gateway, Caller caller, MetaAnswers answers, Action resume)
    : ICommandReplay
{
    private readonly ValueOpening _opening = new(gateway, resume);

    /// <inheritdoc/>
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

        answers.Write(command, OptionedChanges.ReplyOf(remote), output);
        return true;
    }

    /// <inheritdoc/>
    public void Confirm(ReadOnlySpan<byte> bytes, CacheStatus status, OutputBuffer output) =>
        output.Write(status == CacheStatus.Success ? bytes : Outcomes.FailureOf(status));

    // Nothing was done yet of what the command asks for: its silo does it all when the value is opened.
    private bool TryAnswerPaged(in Command command, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        if (!_opening.IsUnderWay)
        {
            ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
            PackedOperation operation = caller.Limit(MetaOperations.From(command, key));
            var request = new PagedReadRequest
            {
                Key = key.ToArray(),
                Expiration = operation.Options.Has(OperationBits.Touches) ? operation.Expiration : null,
                Options = operation.Options,
            };
            _opening.Begin(request);
        }

        if (!_opening.TryTake(out RemoteRead read))
        {
            return false;
        }

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
        answers.Count(command, reply);
        bool withValue = MetaOperations.WantsValue(command, opened.Cas);
        answers.WriteHitLine(command, reply, withValue, output);
        stream = new ValueStream(read, Reply.LineEnd.Length, resume);
        if (!withValue)
        {
            stream.Dispose();
            stream = null;
        }

        return true;
    }
}
