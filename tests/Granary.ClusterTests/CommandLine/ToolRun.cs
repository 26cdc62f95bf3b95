using System.Diagnostics;
using System.Text;

namespace Granary.ClusterTests.CommandLine;

/// <summary>The tool's process, run to its end, and what came of it.</summary>
/// <param name="ExitCode">Of the process.</param>
/// <param name="Bytes">Of standard output.</param>
/// <param name="Error">Of standard error.</param>
internal sealed record ToolRun(int ExitCode, byte[] Bytes, string Error)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The tool.</summary>
    public static string Tool => Path.Combine(
        AppContext.BaseDirectory.Replace("tests/Granary.ClusterTests", "Tool", StringComparison.Ordinal), "granary.dll");

    /// <summary>The silo's binary, which has the same verbs.</summary>
    public static string Silo => Path.Combine(AppContext.BaseDirectory, "Silo.dll");

    /// <summary>Runs a program.</summary>
    /// <param name="program">The tool or the silo.</param>
    /// <param name="input">For standard input, which is a pipe.</param>
    /// <param name="line">The command line.</param>
    public static async Task<ToolRun> StartAsync(string program, byte[] input, params string[] line)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(host, [program, .. line])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            using var output = new MemoryStream();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, deadline.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.BaseStream.WriteAsync(input, deadline.Token);
            process.StandardInput.Close();
            await reading;
            string said = await error;
            await process.WaitForExitAsync(deadline.Token);
            return new ToolRun(process.ExitCode, output.ToArray(), said);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
