using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A plain connection of the memcached text protocol, that hides nothing: lines as they come, without "\r\n". A string
/// is bytes as Latin-1. One caller at a time; a call that takes over 20 s throws.
/// </summary>
internal sealed class MemcachedConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private MemcachedConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
    }

    /// <param name="port">On loopback.</param>
    public static Task<MemcachedConnection> OpenAsync(int port) => OpenAsync(new IPEndPoint(IPAddress.Loopback, port));

    public static async Task<MemcachedConnection> OpenAsync(IPEndPoint endpoint)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(Deadline);
            await client.ConnectAsync(endpoint, timeout.Token);
            return new MemcachedConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes as they are; line ends are the caller's.</summary>
    public async Task SendAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), timeout.Token);
    }

    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public async Task<string> ReadLineAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        return await _reader.ReadLineAsync(timeout.Token) ?? throw new EndOfStreamException("The server closed.");
    }

    /// <summary>Sends one line and reads one line.</summary>
    public async Task<string> CommandAsync(string line)
    {
        await SendAsync($"{line}\r\n");
        return await ReadLineAsync();
    }

    /// <returns>The reply line: "STORED".</returns>
    public Task<string> SetAsync(string key, string value, uint flags = 0, long expirationSeconds = 0) =>
        CommandAsync($"set {key} {flags} {expirationSeconds} {value.Length}\r\n{value}");

    /// <returns>The reply line: "DELETED" or "NOT_FOUND".</returns>
    public Task<string> DeleteAsync(string key) => CommandAsync($"delete {key}");

    /// <returns>The value; <see langword="null"/> on a miss.</returns>
    /// <exception cref="InvalidDataException">The server answered with an error, which the message has.</exception>
    public async Task<string?> GetAsync(string key) => (await GetAsync([key])).GetValueOrDefault(key);

    /// <returns>The values of the keys that were hit.</returns>
    /// <exception cref="InvalidDataException">The server answered with an error, which the message has.</exception>
    public async Task<Dictionary<string, string>> GetAsync(IReadOnlyCollection<string> keys)
    {
        await SendAsync($"get {string.Join(' ', keys)}\r\n");
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        for (string line = await ReadLineAsync(); line != "END"; line = await ReadLineAsync())
        {
            // VALUE <key> <flags> <bytes>\r\n<data>\r\n
            string[] parts = line.Split(' ');
            if (parts is not ["VALUE", _, _, _])
            {
                throw new InvalidDataException(line);
            }

            values.Add(parts[1], await ReadDataAsync(int.Parse(parts[3], CultureInfo.InvariantCulture)));
        }

        return values;
    }

    /// <param name="section">Its words.</param>
    /// <returns>The lines of "stats" by name.</returns>
    public async Task<Dictionary<string, string>> StatisticsAsync(string section = "")
    {
        await SendAsync($"stats {section}\r\n");
        Dictionary<string, string> statistics = new(StringComparer.Ordinal);
        for (string line = await ReadLineAsync(); line != "END"; line = await ReadLineAsync())
        {
            // STAT <name> <value>\r\n
            string[] parts = line.Split(' ', 3);
            if (parts is not ["STAT", _, _])
            {
                throw new InvalidDataException(line);
            }

            statistics[parts[1]] = parts[2];
        }

        return statistics;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadDataAsync(int lengthBytes)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        char[] data = new char[lengthBytes + 2];
        int read = await _reader.ReadBlockAsync(data, timeout.Token);
        return read == data.Length && data is [.., '\r', '\n']
            ? new string(data, 0, lengthBytes)
            : throw new InvalidDataException($"A value of {lengthBytes} bytes does not end where it should.");
    }
}
