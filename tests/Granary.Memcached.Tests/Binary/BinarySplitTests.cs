using CsCheck;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Binary;

/// <summary>However the bytes of requests are cut into reads, right ones and wrong ones: the replies are the same.</summary>
public sealed class BinarySplitTests
{
    private static readonly string[] Keys = ["a", "b", "c"];

    private static readonly Gen<(int Seed, int Wrong, int[] Cuts)> Cases =
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[-30, 30], Gen.Int[1, 70].Array[1, 60]);

    [Fact]
    public void Replies_OfAnyReads_AreThoseOfOne() => Cases.Sample(
        test => Assert.Equal(
            Run(test.Seed, test.Wrong, [int.MaxValue]), Run(test.Seed, test.Wrong, test.Cuts)),
        iter: 1_000,
        threads: 1);

    [Fact]
    public void Replies_OfLongValuesInAnyReads_AreThoseOfOne()
    {
        byte[] stream =
        [
            .. Ask.Set("k", new string('v', 70_000)), .. Ask.Append("k", new string('w', 70_000)),
            .. Ask.Set("no", new string('x', (1 << 20) + 5)), .. Ask.Get("k"), .. Ask.NoOp(),
        ];
        Gen.Int[1, 200_000].Array[1, 20].Sample(
            cuts => Assert.Equal(Answers(stream, [int.MaxValue]), Answers(stream, cuts)), iter: 30, threads: 1);
    }

    // One byte of the stream may be wrong: what it does then is the same as well.
    private static string Run(int seed, int wrong, int[] cuts)
    {
        var random = new Random(seed);
        var generator = new RequestGenerator(random);
        byte[] stream =
            [.. Ask.NoOp(), .. Enumerable.Range(0, 20).SelectMany(_ => generator.Next(Keys, static _ => 1)), .. Ask.NoOp()];
        int index = 24 + random.Next(stream.Length - 24);
        byte changed = (byte)(stream[index] ^ wrong);
        if (wrong > 0 && changed is not ((byte)BinaryOpcode.Flush or (byte)BinaryOpcode.FlushQuiet)) // there is no cluster
        {
            stream[index] = changed;
        }

        return Answers(stream, cuts);
    }

    private static string Answers(byte[] stream, int[] cuts)
    {
        using var cache = new TestCache();
        using var client = new Conversation(new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        string answers = "";
        int offset = 0;
        for (int index = 0; offset < stream.Length && !client.IsClosed; index++)
        {
            int length = Math.Min(cuts[index % cuts.Length], stream.Length - offset);
            answers += client.Send(stream.AsSpan(offset, length));
            offset += length;
        }

        return $"{answers}{client.IsClosed}";
    }
}
