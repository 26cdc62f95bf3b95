using System.Text;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Values;

/// <summary>Values that are typed, or come through a pipe.</summary>
internal static class Bodies
{
    /// <summary>What stands for standard input.</summary>
    public const string FromInput = "-";

    // The largest array of bytes is a little less than 2 GiB; silos take far less.
    private const int MaxBytes = 1 << 30;

    /// <summary>The text as UTF-8, or all of standard input, byte for byte.</summary>
    /// <exception cref="VerbException">There is too much of it.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string text, ITerminal terminal, CancellationToken cancellationToken)
    {
        if (text != FromInput)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        await using Stream input = terminal.OpenInput();
        using var whole = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        for (int count; (count = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (whole.Length + count > MaxBytes)
            {
                throw new VerbException($"Standard input has more than {MaxBytes} bytes; no value may be longer.", ExitCodes.WrongCommandLine);
            }

            whole.Write(buffer, 0, count);
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }
}
