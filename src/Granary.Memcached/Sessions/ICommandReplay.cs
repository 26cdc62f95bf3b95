using Granary.Cache.Routing;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Answers planned commands in the words of the client's protocol, when their outcomes have come.</summary>
internal interface ICommandReplay
{
    /// <summary>Answers a command that another silo has executed.</summary>
    /// <param name="line">The command's bytes, without its value.</param>
    /// <param name="remote">The outcome.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="stream">A long value whose line was written and that is to be sent before going on.</param>
    /// <returns><see langword="false"/> if a long value is on its way: call it again.</returns>
    bool TryAnswer(ReadOnlySpan<byte> line, in RemoteReply remote, OutputBuffer output, out ValueStream? stream);

    /// <summary>Answers a change that was done on this silo.</summary>
    /// <param name="bytes">What was written between <see cref="ReplyPlan.BeginConfirmed"/> and its end.</param>
    /// <param name="status">Whether the shard's replica has it as well.</param>
    /// <param name="output">Where the answer goes.</param>
    void Confirm(ReadOnlySpan<byte> bytes, CacheStatus status, OutputBuffer output);
}
