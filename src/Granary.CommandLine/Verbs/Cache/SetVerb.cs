using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Values;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>set</c>.</summary>
internal static class SetVerb
{
    private const string Description = """
        Stores a value under a key, whatever was there before.

        'granary set logo - < logo.png' stores a file, byte for byte.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var key = new KeyArgument();
        var value = new Argument<string>("VALUE") { Description = "The value as text, or - for standard input." };
        var lifetime = new Option<TimeSpan?>("--ttl")
        {
            Description = $"How long it stays: {Durations.Rule}. Without it the entry stays until it is deleted or evicted.",
            HelpName = "TIME",
            CustomParser = Durations.Parse,
        };
        return Verb.Create(surroundings, "set", Description, [key.Symbols[0], value, key.Symbols[1], lifetime], async (call, cancellationToken) =>
        {
            CacheKey where = key.Read(call.Line);
            ReadOnlyMemory<byte> what = await Bodies.ReadAsync(call.Line.GetValue(value)!, call.Terminal, cancellationToken);
            Expiration expiration = call.Line.GetValue(lifetime) is { } time ? time : Expiration.Never;
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            await cluster.Cache.SetAsync(where, what, expiration, cancellationToken);
            call.Tell(new ActionResult("set", key.Text(call.Line), 1), "Stored.");
            return ExitCodes.Done;
        });
    }
}
