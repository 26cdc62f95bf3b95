using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Writes the answer of mg or me as the store finds the entry, its value in one pass into the output.</summary>
/// <param name="command">The command.</param>
/// <param name="answers">Says it.</param>
/// <param name="output">Where it goes.</param>
/// <param name="store">Whose entry it is.</param>
/// <param name="mayPin">Whether a value that spans segments can be sent now.</param>
internal ref struct MetaEntryWriter(
    Command command, MetaAnswers answers, OutputBuffer output, CacheStore store, bool mayPin) : IReadSink
{
    private readonly Command _command = command;

    /// <summary>The value that follows what was written.</summary>
    public PinnedValue? Pinned { get; private set; }

    public readonly bool Takes(int valueLength, bool isPinned) => mayPin || !isPinned;

    public readonly void Accept(in EntryDetails details, ReadOnlySpan<byte> value) =>
        answers.Write(_command, ReplyOf(details, value), output);

    public void Accept(in EntryDetails details, PinnedValue value)
    {
        bool withValue = MetaOperations.WantsValue(_command, details.Entry.Cas);
        PackedReply reply = ReplyOf(details, default);
        answers.Count(_command, reply);
        answers.WriteHitLine(_command, reply, withValue, output);
        if (withValue)
        {
            Pinned = value;
        }
        else
        {
            value.Dispose();
        }
    }

    private readonly PackedReply ReplyOf(in EntryDetails details, ReadOnlySpan<byte> value) => new()
    {
        Status = CacheStatus.Success,
        Cas = details.Entry.Cas,
        Flags = details.Entry.Flags,
        Value = value,
        State = EntryStates.Of(details, store),
    };
}
