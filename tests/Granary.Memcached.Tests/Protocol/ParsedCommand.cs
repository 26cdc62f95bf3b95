using System.Buffers;
using System.Text;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>What one call of the parser said, copied to the heap. Bytes are shown as Latin-1.</summary>
internal sealed record ParsedCommand
{
    public OperationStatus Status { get; private init; }

    public int Consumed { get; private init; }

    public Verb Verb { get; private init; }

    public string Key { get; private init; } = "";

    public string Arguments { get; private init; } = "";

    public uint Flags { get; private init; }

    public long ExpirationSeconds { get; private init; }

    public int ValueLength { get; private init; }

    public ulong Number { get; private init; }

    public MetaFlags Meta { get; private init; }

    public bool NoReply { get; private init; }

    public ProtocolError Error { get; private init; }

    public int SwallowBytes { get; private init; }

    public bool Close { get; private init; }

    /// <summary>Parses the first line of <paramref name="text"/>, whose characters are bytes.</summary>
    public static ParsedCommand Read(string text) => Read(Encoding.Latin1.GetBytes(text));

    public static ParsedCommand Read(ReadOnlySpan<byte> buffer)
    {
        OperationStatus status = CommandParser.TryRead(buffer, out Command command, out int consumed);
        return new ParsedCommand
        {
            Status = status,
            Consumed = consumed,
            Verb = command.Verb,
            Key = Encoding.Latin1.GetString(command.Key),
            Arguments = Encoding.Latin1.GetString(command.Arguments),
            Flags = command.Flags,
            ExpirationSeconds = command.ExpirationSeconds,
            ValueLength = command.ValueLength,
            Number = command.Number,
            Meta = command.Meta,
            NoReply = command.NoReply,
            Error = command.Error,
            SwallowBytes = command.SwallowBytes,
            Close = command.Close,
        };
    }

    /// <summary>Asserts that the line was understood.</summary>
    public ParsedCommand AssertDone(Verb verb)
    {
        Assert.Equal(OperationStatus.Done, Status);
        Assert.Equal(verb, Verb);
        Assert.Equal(ProtocolError.None, Error);
        Assert.Equal(0, SwallowBytes);
        Assert.False(Close);
        return this;
    }

    /// <summary>Asserts that the line was rejected that way, and that the connection goes on.</summary>
    public void AssertRejected(ProtocolError error, int swallowBytes = 0, bool noReply = false)
    {
        Assert.Equal(OperationStatus.InvalidData, Status);
        Assert.Equal(error, Error);
        Assert.Equal(swallowBytes, SwallowBytes);
        Assert.Equal(noReply, NoReply);
        Assert.False(Close);
    }

    /// <summary>Asserts that the connection is to be closed.</summary>
    public void AssertCloses(ProtocolError error)
    {
        Assert.Equal(OperationStatus.InvalidData, Status);
        Assert.Equal(error, Error);
        Assert.True(Close);
    }

    /// <summary>Asserts that the line is not complete, and that nothing was consumed.</summary>
    public void AssertNeedsMoreData() =>
        Assert.Equal(new ParsedCommand { Status = OperationStatus.NeedMoreData }, this);
}
