using System.Globalization;
using System.Text;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>An answer: its line split into words, and the bytes after it if the line announced some.</summary>
internal readonly record struct BeanstalkdReply(string[] Words, byte[] Data)
{
    public string Text => Encoding.ASCII.GetString(Data);

    public bool Is(string word) => Words[0] == word;

    /// <exception cref="InvalidDataException">It is another answer.</exception>
    public BeanstalkdReply Expect(string word) => Is(word)
        ? this
        : throw new InvalidDataException($"beanstalkd answered {string.Join(' ', Words)}, not {word}.");

    // RESERVED <id> <bytes>\r\n<data>\r\n and OK <bytes>\r\n<data>\r\n (protocol.txt).
    public static int DataLength(string[] words) => words[0] switch
    {
        "RESERVED" => int.Parse(words[2], CultureInfo.InvariantCulture),
        "OK" => int.Parse(words[1], CultureInfo.InvariantCulture),
        _ => -1,
    };
}
