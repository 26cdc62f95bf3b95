using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Granary.Client.Tests.Doubles;

namespace Granary.Client.Tests;

public sealed partial class ValueTests
{
    public static TheoryData<object, string> Encodings => new()
    {
        { "text ä", "text ä" },
        { "", "" },
        { 42, "42" },
        { -42, "-42" },
        { long.MinValue, "-9223372036854775808" },
        { ulong.MaxValue, "18446744073709551615" },
        { (byte)255, "255" },
        { (sbyte)-128, "-128" },
        { (short)-32768, "-32768" },
        { (ushort)65535, "65535" },
        { uint.MaxValue, "4294967295" },
        { true, "true" },
        { 1.5, "1.5" },
        { new Point(1, 2), "{\"X\":1,\"Y\":2}" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Value_IsTheBytesOfTheTable(object value, string bytes)
    {
        await (Task)typeof(ValueTests)
            .GetMethod(nameof(RoundTripAsync), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(value.GetType())
            .Invoke(null, [value, bytes])!;
    }

    internal static async Task RoundTripAsync<T>(T value, string bytes)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        await cluster.Cache.SetAsync("key", value);

        Assert.Equal(bytes, Encoding.UTF8.GetString(cluster.Store["key"]!.Value));
        Assert.Equal(value, (await cluster.Cache.GetAsync<T>("key")).Value);
        Assert.Equal(bytes, (await cluster.Cache.GetAsync<string>("key")).Value);
    }

    [Fact]
    public async Task Bytes_AreStoredAsTheyAre()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        byte[] bytes = [0, 255, 10];

        await cluster.Cache.SetAsync("a", bytes);
        await cluster.Cache.SetAsync("b", (ReadOnlyMemory<byte>)bytes);
        await cluster.Cache.SetAsync("c", bytes.AsMemory());

        Assert.Equal(bytes, (await cluster.Cache.GetAsync<byte[]>("c")).Value);
        Assert.Equal(bytes, (await cluster.Cache.GetAsync<ReadOnlyMemory<byte>>("a")).Value.ToArray());
        Assert.Equal(bytes, (await cluster.Cache.GetAsync<Memory<byte>>("b")).Value.ToArray());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("12x")]
    [InlineData("2147483648")]
    public async Task Get_NotThatNumber_IsAFormatException(string text)
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        await cluster.Cache.SetAsync("key", text);

        await Assert.ThrowsAsync<FormatException>(() => cluster.Cache.GetAsync<int>("key").AsTask());
        Assert.Equal(text, (await cluster.Cache.GetAsync<string>("key")).Value);
    }

    [Fact]
    public async Task Get_NumberThatDecrementMadeShorter_IgnoresItsSpaces()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        await cluster.Cache.SetAsync("key", "9 ");

        Assert.Equal(9, (await cluster.Cache.GetAsync<int>("key")).Value);
    }

    [Fact]
    public async Task Get_NotThatJson_IsAFormatException()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        await cluster.Cache.SetAsync("key", "no json");

        await Assert.ThrowsAsync<FormatException>(() => cluster.Cache.GetAsync<Point>("key").AsTask());
    }

    [Fact]
    public async Task Json_OfAContext_IsUsed()
    {
        using FakeCluster cluster =
            await new FakeCluster(configure: o => o.Json = PointContext.Default.Options).ConnectedAsync();

        await cluster.Cache.SetAsync("key", new Point(1, 2));

        Assert.Equal("{\"x\":1,\"y\":2}", Encoding.UTF8.GetString(cluster.Store["key"]!.Value));
        Assert.Equal(new Point(1, 2), (await cluster.Cache.GetAsync<Point>("key")).Value);
    }

    [Fact]
    public async Task Null_IsRefused()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        await Assert.ThrowsAsync<ArgumentNullException>(() => cluster.Cache.SetAsync<string>("key", null!).AsTask());
    }

    internal sealed record Point(int X, int Y);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Point))]
    internal sealed partial class PointContext : JsonSerializerContext;
}
