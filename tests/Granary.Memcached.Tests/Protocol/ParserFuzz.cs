using System.Globalization;

namespace Granary.Memcached.Tests.Protocol;

/// <summary>Feeds the parser noise and damaged commands: it must not throw, and segments must not matter.</summary>
/// <remarks>
/// Runs 200,000 streams; each is a function of its number alone, so a failure names the number that repeats it.
/// For ten million (some minutes):
/// <code>
/// GRANARY_FUZZ_INPUTS=10000000 dotnet run -c Release --project tests/Granary.Memcached.Tests -- -class "*.ParserFuzz"
/// </code>
/// </remarks>
public sealed class ParserFuzz
{
    private const int DefaultInputs = 200_000;

    [Fact]
    public void TryRead_NoiseAndDamagedCommands_NeverThrowsAndIgnoresSegments()
    {
        string? setting = Environment.GetEnvironmentVariable("GRANARY_FUZZ_INPUTS");
        int inputs = setting is null ? DefaultInputs : int.Parse(setting, CultureInfo.InvariantCulture);

        for (int input = 0; input < inputs; input++)
        {
            ReadWholeAndInSegments(input);
        }
    }

    private static void ReadWholeAndInSegments(int input)
    {
        Random random = new(input);
        byte[] stream = new CommandStreamGenerator(random).Next();
        try
        {
            List<ParsedCommand> whole = ConnectionReader.ReadAll(stream, random: null);
            List<ParsedCommand> segments = ConnectionReader.ReadAll(stream, random);

            Assert.Equal(whole, segments);
        }
        catch (Exception exception)
        {
            string bytes = Convert.ToHexString(stream);
            throw new InvalidOperationException($"Input {input} failed, its bytes are {bytes}.", exception);
        }
    }
}
