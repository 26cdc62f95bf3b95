using Granary.Cache.Routing;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Answers binary requests whose outcomes have come.</summary>
internal sealed class BinaryReplay(GatewayState gateway, BinaryAnswers answers, Action resume) : ICommandReplay
{
    private readonly ValueOpening _opening = new(gateway, resume);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> line, in RemoteReply remote, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        BinaryParser.TryRead(line, out BinaryRequest request, out _);
        bool isPaged = remote.Status == CacheStatus.Paged;
        if (isPaged && request.IsGet)
        {
            return TryAnswerPaged(request, output, out stream);
        }

        PackedReply reply = OptionedChanges.ReplyOf(remote);
        answers.Write(request, isPaged ? reply with { Status = CacheStatus.Success } : reply, output); // a touch has touched it
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>The bytes begin with the request's header, for the case that it has failed.</remarks>
    public void Confirm(ReadOnlySpan<byte> bytes, CacheStatus status, OutputBuffer output)
    {
        if (status == CacheStatus.Success)
        {
            output.Write(bytes[BinaryHeader.Length..]);
            return;
        }

        BinaryHeader header = BinaryHeader.Read(bytes);
        answers.WriteFailure(new BinaryRequest { Header = header, Command = header.Command }, status, output);
    }

    private bool TryAnswerPaged(in BinaryRequest request, OutputBuffer output, out ValueStream? stream)
    {
        stream = null;
        if (!_opening.IsUnderWay)
        {
            _opening.Begin(new PagedReadRequest { Key = request.Key.ToArray() });
        }

        if (!_opening.TryTake(out RemoteRead read))
        {
            return false;
        }

        if (read.Reply is not { Status: CacheStatus.Success } opened)
        {
            // Gone between the two questions, or its silo is.
            answers.Write(request, new PackedReply { Status = CacheStatus.NotFound }, output);
            return true;
        }

        answers.CountHit(request, opened.Length);
        new BinaryEntryWriter(output, request).WriteHead(new EntryInfo(opened.Length, opened.Flags, opened.Cas, 0));
        stream = new ValueStream(read, lineEndLength: 0, resume);
        return true;
    }
}
