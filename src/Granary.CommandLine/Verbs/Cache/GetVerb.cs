using System.CommandLine;
using System.Text;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.CommandLine.Values;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>get</c>.</summary>
internal static class GetVerb
{
    private const string Description = """
        Writes the value of a key to standard output, byte for byte.

        A key that is not there is said on standard error; the exit code is 1.
        """;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create(Surroundings surroundings)
    {
        var key = new KeyArgument();
        return Verb.Create(surroundings, "get", Description, key.Symbols, (call, cancellationToken) => RunAsync(call, key, cancellationToken));
    }

    private static async Task<int> RunAsync(VerbCall call, KeyArgument argument, CancellationToken cancellationToken)
    {
        CacheKey key = argument.Read(call.Line);
        ICluster cluster = await call.ConnectAsync(cancellationToken);
        CacheEntry<byte[]> entry = await cluster.Cache.GetAsync<byte[]>(key, cancellationToken);
        if (!entry.IsHit)
        {
            throw new VerbException($"There is no key '{argument.Text(call.Line)}'.", ExitCodes.No);
        }

        if (call.WantsJson)
        {
            string value = TextOf(entry.Value, out bool isBinary);
            Json.Write(
                call.Terminal,
                new EntryView(argument.Text(call.Line), entry.Value.Length, entry.Flags, entry.Cas, value, isBinary),
                VerbJson.Default.EntryView);
            return ExitCodes.Done;
        }

        await using (Stream output = call.Terminal.OpenOutput())
        {
            await output.WriteAsync(entry.Value, cancellationToken);
        }

        if (call.Terminal.IsRich && entry.Value is not [.., (byte)'\n'])
        {
            call.Terminal.Out.WriteLine(); // or the prompt would follow the value
        }

        return ExitCodes.Done;
    }

    private static string TextOf(byte[] value, out bool isBinary)
    {
        try
        {
            isBinary = false;
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            isBinary = true;
            return Convert.ToBase64String(value);
        }
    }
}
