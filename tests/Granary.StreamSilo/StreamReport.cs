using System.Globalization;
using System.Text;

namespace Granary.StreamSilo;

/// <summary>
/// What the subscribers of this process have had: a line for each event, with the operating system before the subscriber
/// returns. Thread-safe.
/// </summary>
public static class StreamReport
{
    /// <summary>The variable that names the folder for the reports of all silos.</summary>
    public const string Folder = "GRANARY_STREAM_REPORTS";

    private const int FailsOnce = 97; // every so manieth event, the first time that it comes to a process

    private static readonly Lock Writing = new();
    private static readonly HashSet<string> Failed = new(StringComparer.Ordinal);
    private static readonly FileStream File = new(
        Path.Combine(
            Environment.GetEnvironmentVariable(Folder) ?? Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.txt")),
        FileMode.Append,
        FileAccess.Write,
        FileShare.Read,
        bufferSize: 1);

    /// <summary>A subscriber has been given an event.</summary>
    /// <exception cref="InvalidOperationException">Now and then it fails with one.</exception>
    public static void Have(string subscriber, string stream, int number)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{subscriber} {stream} {number}\n");
        lock (Writing)
        {
            if (number % FailsOnce == 0 && Failed.Add(line))
            {
                throw new InvalidOperationException($"{subscriber} does not want {number} yet.");
            }

            File.Write(Encoding.UTF8.GetBytes(line));
        }
    }
}
