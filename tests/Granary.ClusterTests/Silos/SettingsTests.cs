using System.CommandLine;
using System.Net;
using Granary.Queues;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Granary.ClusterTests.Silos;

/// <summary>Where a silo's options come from, and with which of them it does not start.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("10.1.2.3", false, false)]
    [InlineData("::", false, false)]
    [InlineData("0.0.0.0", true, true)]
    public void Bind_OffLoopback_NeedsInsecure(string address, bool isInsecure, bool starts)
    {
        SiloSettings settings = Read(
            (SiloOptions.Bind.Key, address),
            (SiloOptions.Advertise.Key, "10.1.2.3"),
            (SiloOptions.Insecure.Key, $"{isInsecure}"),
            (SiloOptions.Memory.Key, "64MiB"));

        Exception? refusal = Record.Exception(settings.Validate);

        Assert.Equal(starts, refusal is null);
        Assert.True(starts || (refusal is SettingsException && refusal.Message.Contains("--insecure", StringComparison.Ordinal)));
    }

    [Fact]
    public void Bind_ByDefault_IsLoopback() => Assert.Equal(IPAddress.Loopback, Read().Bind);

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    public void Advertise_NotGiven_IsTheAddressToListenOnWhichHasToBeOne(string bind, bool starts)
    {
        SiloSettings settings = Read((SiloOptions.Bind.Key, bind), (SiloOptions.Insecure.Key, "true"));

        Exception? refusal = Record.Exception(settings.Validate);

        Assert.Equal(bind, $"{settings.Advertise}");
        Assert.Equal(starts, refusal is null);
        Assert.True(starts || refusal!.Message.Contains("--advertise", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("3600", true)]
    [InlineData("3601", false)]
    [InlineData("-1", false)]
    public void TakeOver_OutOfBounds_IsNamed(string seconds, bool isRead)
    {
        Exception? refusal = Record.Exception(() => Read((SiloOptions.TakeOver.Key, seconds)));

        Assert.Equal(isRead, refusal is null);
        Assert.True(isRead || refusal!.Message.Contains("--take-over", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lru", EvictionPolicy.Lru)]
    [InlineData("s3fifo", EvictionPolicy.S3Fifo)]
    public async Task Eviction_ByName_IsThePolicyOfTheStoreAsync(string name, EvictionPolicy policy)
    {
        await using WebApplication silo = Build((SiloOptions.Eviction.Key, name));

        Assert.Equal(policy, silo.Services.GetRequiredService<CacheStore>().Options.Eviction);
    }

    [Fact]
    public void Eviction_NotGiven_IsLru() => Assert.Equal(EvictionPolicy.Lru, Read().Eviction);

    [Fact]
    public void Eviction_OfAnotherName_IsNamed()
    {
        Exception? refusal = Record.Exception(() => Read((SiloOptions.Eviction.Key, "fifo")));

        Assert.IsType<SettingsException>(refusal);
        Assert.Equal("--eviction (Granary:Cache:Eviction) is 'fifo'; it must be lru, s3fifo or none.", refusal.Message);
    }

    [Theory]
    [InlineData("http://collector:4317", true)]
    [InlineData("https://[::1]:4317/", true)]
    [InlineData("collector:4317", false)]
    [InlineData("grpc://collector:4317", false)]
    [InlineData("http://collector:4318/v1/metrics", false)]
    [InlineData("http://me:secret@collector:4317", false)]
    public void Otlp_OfAnotherForm_IsNamed(string url, bool isRead)
    {
        Exception? refusal = Record.Exception(() => Read((SiloOptions.Otlp.Key, url)));

        Assert.Equal(isRead, refusal is null);
        Assert.True(isRead || refusal!.Message.Contains("--otlp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2147483648", 1_288_490_188)] // 60 % of 2 GiB
    [InlineData("max", 1 << 30)] // cgroup v2 without a limit
    [InlineData("9223372036854771712", 1 << 30)] // cgroup v1 without one
    [InlineData("", 1 << 30)] // no cgroup
    public void Cache_InAContainer_TakesItsShareOfTheLimit(string limit, long expected) =>
        Assert.Equal(expected, ContainerMemory.CacheBytesOf(limit));

    [Fact]
    public void Option_OfTheEnvironment_IsUsed()
    {
        const string Prefix = "GRANARY_SETTINGS_TEST_"; // so that no other test sees it
        Environment.SetEnvironmentVariable($"{Prefix}Granary__Cache__MemoryLimit", "512MiB");

        var settings = new SiloSettings(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build());

        Assert.Equal(512L << 20, settings.MemoryBytes);
    }

    [Fact]
    public void Option_OfTheSettingsFile_IsUsed()
    {
        using var file = new MemoryStream("""{ "Granary": { "Cache": { "MemoryLimit": "512MiB" } } }"""u8.ToArray());

        var settings = new SiloSettings(new ConfigurationBuilder().AddJsonStream(file).Build());

        Assert.Equal(512L << 20, settings.MemoryBytes);
    }

    [Fact]
    public async Task Help_ListsEveryOptionWithItsDefaultAsync()
    {
        using var output = new StringWriter();
        RootCommand command = SiloCommand.Create(static (_, _) => throw new InvalidOperationException("It starts."));

        await command.Parse("--help").InvokeAsync(
            new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        string help = string.Join(' ', $"{output}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)); // lines are cut
        Assert.All(SiloOptions.All, option =>
        {
            Assert.Contains($"--{option.Name}", help, StringComparison.Ordinal);
            Assert.Contains($"[{option.Key}]", help, StringComparison.Ordinal);
            Assert.Contains(option.Default.Length == 0 ? "" : $"Default: {option.Default}.", help, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Keeper_OfTheQueues_IsTheSiloThatOthersNameAndNoneWithAClusterStoreAsync()
    {
        await using WebApplication first = Build();
        int port = first.Services.GetRequiredService<Ports>().Silo;
        await using WebApplication second = Build((SiloOptions.Primary.Key, "127.0.0.1:1234"));
        await using WebApplication third = Build((SiloOptions.ClusterStore.Key, "Host=localhost;Username=granary"));

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, port), KeeperOf(first));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1234), KeeperOf(second));
        Assert.Null(KeeperOf(third));
    }

    private static IPEndPoint? KeeperOf(WebApplication silo) =>
        silo.Services.GetRequiredService<IOptions<QueueSiloOptions>>().Value.Keeper;

    private static WebApplication Build(params (string Key, string Value)[] options) => SiloHost.Build(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [SiloOptions.Memory.Key] = "64MiB",
            [SiloOptions.MemcachedPort.Key] = "0",
            [SiloOptions.SiloPort.Key] = "0",
            [SiloOptions.GatewayPort.Key] = "0",
            [SiloOptions.HttpPort.Key] = "0",
        }.Concat(options.Select(static option => KeyValuePair.Create(option.Key, (string?)option.Value)))
            .ToDictionary(StringComparer.Ordinal));

    private static SiloSettings Read(params (string Key, string Value)[] options) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(options.Select(static option => KeyValuePair.Create(option.Key, (string?)option.Value)))
        .Build());
}
