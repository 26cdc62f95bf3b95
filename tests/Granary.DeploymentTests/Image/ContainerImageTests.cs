using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Granary.Tests.Shared.Containers;
using k8s.Models;

namespace Granary.DeploymentTests.Image;

/// <summary>The image, and a container of it as a pod runs it.</summary>
public sealed partial class ContainerImageTests
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    // Far from the 90 s of the hand-off: there is nobody to hand over to.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Silo_RunAsThePodRunsIt_ServesInItsLimitsAndStopsAsync()
    {
        V1Deployment deployment = (await Overlay.RenderAsync(Overlay.Dev)).Silos;
        V1Container silo = deployment.Spec.Template.Spec.Containers.Single();
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using ContainerImage image = await ContainerImage.BuildAsync();

        await using ChildProcess container = image.Run(
        [
            .. PodLimits.Of(deployment),
            "--network", "host", // there is no other here: free ports of loopback stand for those of a pod's address
            .. EnvironmentOf(silo, postgres),
        ]);
        string banner = string.Empty;
        await container.WaitUntilAsync(
            "its word that it is ready",
            StartDeadline,
            () => (banner = container.Output.ToString()).Contains("  stop  ", StringComparison.Ordinal));
        Dictionary<string, string> answers = await TalkAsync(PortOf(banner, "memcached"));
        using var http = new HttpClient();
        using HttpResponseMessage ready = await http.GetAsync(
            $"http://127.0.0.1:{PortOf(banner, "health")}{HealthEndpoints.ReadyPath}");
        var clock = Stopwatch.StartNew();
        int exitCode = await container.TerminateAsync(StopDeadline);

        long cacheBytes = (long)(silo.Resources.Limits["memory"].ToInt64() * ContainerMemory.CacheShare);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("x", answers["greeting"]);
        Assert.Equal(cacheBytes.ToString(CultureInfo.InvariantCulture), answers["limit_maxbytes"]);
        Assert.True(exitCode == 0, $"It ended with code {exitCode} after {clock.Elapsed}:\n{container.Output}");
        Assert.DoesNotContain("Cannot load library", container.Output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Overriding address", container.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImageName_WhereverItIsWritten_IsThatOfTheSiloAsync()
    {
        string version = typeof(SiloHost).Assembly.GetName().Version!.ToString(3);
        string[] files =
        [
            RepositoryRoot.Combine("Dockerfile"),
            RepositoryRoot.Combine("README.md"),
            .. Directory.EnumerateFiles(RepositoryRoot.Combine("k8s"), "*.yaml", SearchOption.AllDirectories),
        ];

        string[] names =
            [.. files.SelectMany(file => ImageName().Matches(File.ReadAllText(file))).Select(name => name.Value)];

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Equal($"granary:{version}", name));
        Assert.Equal(names[0], (await Overlay.RenderAsync(Overlay.Production)).Silo.Image);
    }

    private static IEnumerable<string> EnvironmentOf(V1Container silo, PostgreSqlProcess postgres)
    {
        Dictionary<string, string> variables = PodEnvironment.Of(silo);
        variables["Granary__ClusterStore"] = postgres.ConnectionString;
        variables["Granary__Bind"] = "127.0.0.1";
        variables["Granary__Advertise"] = "127.0.0.1";
        SiloOption[] ports =
            [SiloOptions.MemcachedPort, SiloOptions.GatewayPort, SiloOptions.SiloPort, SiloOptions.HttpPort];
        foreach (SiloOption port in ports)
        {
            variables[port.Key.Replace(":", "__", StringComparison.Ordinal)] = "0";
        }

        return variables.SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" });
    }

    // Of "  memcached  127.0.0.1:11211" and "  health     http://127.0.0.1:8080/health/ready".
    private static int PortOf(string banner, string line)
    {
        Match match = Regex.Match(
            banner, $@"^  {line} .*127\.0\.0\.1:(\d+)", RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    // Sets a value and gets it; the answer has the statistics as well.
    private static async Task<Dictionary<string, string>> TalkAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("set greeting 0 0 1\r\nx\r\nget greeting\r\nstats\r\nquit\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        string[] lines = (await reader.ReadToEndAsync()).Split("\r\n");
        Dictionary<string, string> answers = lines
            .Where(line => line.StartsWith("STAT ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', 3))
            .ToDictionary(parts => parts[1], parts => parts[2], StringComparer.Ordinal);
        answers["greeting"] = lines[Array.IndexOf(lines, "VALUE greeting 0 1") + 1];
        return answers;
    }

    [GeneratedRegex(@"\bgranary:\d+\.[\w.]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImageName();
}
