using Granary.Memcached.Protocol;

namespace Granary.Memcached.Sessions;

/// <summary>Answers <c>slabs</c> as a memcached that was told not to move memory between classes: there is one.</summary>
internal static class SlabsCommands
{
    public static void Answer(ReadOnlySpan<byte> words, OutputBuffer output)
    {
        var tokens = new TokenReader(words);
        tokens.TryRead(out ReadOnlySpan<byte> action);
        bool isKnown = action.SequenceEqual("reassign"u8) || action.SequenceEqual("automove"u8);
        output.Write(isKnown ? Reply.NoReassignment : Reply.Error);
    }
}
