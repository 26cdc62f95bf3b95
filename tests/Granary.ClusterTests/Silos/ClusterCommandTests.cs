using System.CommandLine;
using Granary.Silo.Settings;

namespace Granary.ClusterTests.Silos;

/// <summary>What <c>cluster</c> refuses.</summary>
public sealed class ClusterCommandTests
{
    [Theory]
    [InlineData("--name x", "--name")]
    [InlineData("--name=x", "--name")]
    [InlineData("--name:x", "--name")]
    [InlineData("--primary 127.0.0.1:1", "--primary")]
    [InlineData("--cluster-store Host=localhost", "--cluster-store")]
    [InlineData("--port-file f", "--port-file")]
    [InlineData("--silos 2 --memory 64MiB --save=f", "--save")]
    public async Task Option_ThatIsEachSilosOwn_IsRefusedAsync(string line, string option)
    {
        Assert.Equal((1, $"granary: {option} is each silo's own: 'cluster' gives it.\n"), await RunAsync(line));
    }

    [Theory]
    [InlineData("--silos 0", "--silos must be from 1 to 16.")]
    [InlineData("--silos 17", "--silos must be from 1 to 16.")]
    [InlineData("--http-port 0", "--http-port must be from 1 to 65520.")]
    [InlineData("--memcached-port 65521", "--memcached-port must be from 1 to 65520.")]
    public async Task Number_OutOfBounds_IsRefusedAsync(string line, string message)
    {
        (int exitCode, string error) = await RunAsync(line);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    // Whatever is not refused is stopped at once.
    private static async Task<(int ExitCode, string Error)> RunAsync(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter { NewLine = "\n" };
        RootCommand command = SiloCommand.Create(static (_, _) => throw new InvalidOperationException("It starts."));

        int exitCode = await command.Parse($"cluster {line}").InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, new CancellationToken(canceled: true));

        return (exitCode, $"{error}");
    }
}
