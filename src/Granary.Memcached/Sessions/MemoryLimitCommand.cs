using Granary.Memcached.Protocol;
using Granary.Store;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Answers <c>cache_memlimit</c>: this silo's budget, as a client of memcached speaks to one server, until it is stopped.
/// </summary>
internal static class MemoryLimitCommand
{
    // memcached's bounds. Who asks for more means bytes.
    private const ulong FewestMegabytes = 8;
    private const ulong MostMegabytes = 1_000_000_000;

    private const int MegabyteShift = 20;

    /// <param name="command">The command.</param>
    /// <param name="budget">What it changes.</param>
    /// <param name="answers">Where the answer goes.</param>
    public static void Answer(in Command command, StoreBudget budget, OutputBuffer answers)
    {
        ReadOnlySpan<byte> answer = command.Number < FewestMegabytes ? Reply.MemoryLimitTooSmall
            : command.Number > MostMegabytes ? Reply.MemoryLimitInBytes
            : budget.TrySet((long)(command.Number << MegabyteShift)) ? Reply.Ok
            : Reply.MemoryLimitOutOfBounds;
        answers.Write(command.NoReply ? default : answer);
    }
}
