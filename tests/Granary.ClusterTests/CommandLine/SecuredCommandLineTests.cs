using Granary.ClusterTests.Security;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.CommandLine;

/// <summary>The tool against silos that ask for a certificate, one of which it lets leave.</summary>
public sealed class SecuredCommandLineTests(SecuredCluster cluster) : IClassFixture<SecuredCluster>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Drain_WithACertificate_IsDoneAndWithoutOneRefusedAsync()
    {
        SiloProcess leaving = cluster.Silos[1];
        string folder = Path.GetDirectoryName(cluster.Credentials.Client.CertificateFile)!;

        ToolRun[] refused = await Task.WhenAll(
            RunAsync("drain", leaving.Name, "--timeout", "2"),
            RunAsync("drain", leaving.Name, "--credentials", Path.GetTempPath()));
        ToolRun done = await RunAsync("drain", leaving.Name, "--wait", "--credentials", folder);

        Assert.Equal(3, refused[0].ExitCode);
        Assert.Contains("whether the cluster asks for a certificate (--credentials).", refused[0].Error, StringComparison.Ordinal);
        Assert.Equal(2, refused[1].ExitCode);
        Assert.Contains("there is no tls.crt; a client has tls.crt, tls.key and ca.crt.", refused[1].Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        Assert.EndsWith($"Silo {leaving.Name} is gone.\n", done.Text, StringComparison.Ordinal);
        Assert.Equal(0, await leaving.WaitForExitAsync(Deadline));
    }

    private Task<ToolRun> RunAsync(params string[] line) =>
        ToolRun.StartAsync(ToolRun.Tool, [], [.. line, "--connect", cluster.Seeds]);
}
