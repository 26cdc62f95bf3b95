using System.Buffers;
using Granary.Memcached.Protocol;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>Reads a stream as the server does: segment by segment, skipping the data blocks.</summary>
internal static class ConnectionReader
{
    // A data block ends with CR LF.
    private const int DataLineEndLength = 2;

    /// <summary>Reads every command of a stream that arrives in segments.</summary>
    /// <param name="stream">Everything the client sends.</param>
    /// <param name="random">Cuts the segments; <see langword="null"/> for a single one.</param>
    public static List<ParsedCommand> ReadAll(ReadOnlySpan<byte> stream, Random? random)
    {
        List<ParsedCommand> commands = [];
        int received = random is null ? stream.Length : 0;
        long offset = 0;
        while (offset <= received || received < stream.Length)
        {
            ReadOnlySpan<byte> buffer = offset < received ? stream[(int)offset..received] : default;
            ParsedCommand command = ParsedCommand.Read(buffer);
            AssertSane(command, buffer);
            if (command.Status != OperationStatus.NeedMoreData)
            {
                commands.Add(command);
                offset += command.Consumed + BytesToSkip(command);
            }
            else if (received < stream.Length)
            {
                received = Math.Min(stream.Length, received + random!.Next(1, 1 + (stream.Length / 2)));
            }
            else
            {
                break;
            }

            if (command.Close)
            {
                break;
            }
        }

        return commands;
    }

    private static long BytesToSkip(ParsedCommand command) => command.Verb switch
    {
        _ when command.Status == OperationStatus.InvalidData => command.SwallowBytes,
        Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas
            or Verb.MetaSet =>
            (long)command.ValueLength + DataLineEndLength,
        _ => 0,
    };

    private static void AssertSane(ParsedCommand command, ReadOnlySpan<byte> buffer)
    {
        if (command.Status == OperationStatus.NeedMoreData)
        {
            command.AssertNeedsMoreData();
            Assert.False(buffer.Contains((byte)'\n'));
            return;
        }

        Assert.Equal(buffer.IndexOf((byte)'\n') + 1, command.Consumed);
        Assert.InRange(command.Key.Length, 0, ProtocolLimits.MaxKeyLength);
        Assert.InRange(command.ValueLength, 0, ProtocolLimits.MaxValueLength);
        if (command.Status == OperationStatus.Done)
        {
            Assert.NotEqual(Verb.None, command.Verb);
            Assert.Equal(ProtocolError.None, command.Error);
            Assert.Equal(0, command.SwallowBytes);
            Assert.False(command.Close);
        }
        else
        {
            Assert.Equal(OperationStatus.InvalidData, command.Status);
            Assert.True(command.Close || command.Error != ProtocolError.None);
            Assert.NotEqual(1, command.SwallowBytes);
            Assert.InRange(command.SwallowBytes, 0, int.MaxValue);
        }
    }
}
