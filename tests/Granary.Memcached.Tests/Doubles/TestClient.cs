using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A memcached client that says what it is told to. What it waits for comes, or the test's deadline.</summary>
internal sealed class TestClient(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private Stream _stream = stream;

    /// <summary>What the server has shown.</summary>
    public X509Certificate? ServerCertificate => (_stream as SslStream)?.RemoteCertificate;

    /// <summary>Goes on in TLS, trusting any server.</summary>
    public async Task<TestClient> SecureAsync(X509Certificate2? certificate = null)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "granary",
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
            ClientCertificates = certificate is null ? null : [certificate],
        };
        await secure.AuthenticateAsClientAsync(options).WaitAsync(Deadline);
        return this;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(Deadline);

    /// <summary>Sends, and waits for the answer.</summary>
    /// <returns>As many characters as are expected; fewer at the end of the connection.</returns>
    public async Task<string> AskAsync(string text, string expected)
    {
        await SendAsync(text);
        return await ReceiveAsync(expected.Length);
    }

    public async Task<string> ReceiveAsync(int length)
    {
        byte[] buffer = new byte[length];
        using var deadline = new CancellationTokenSource(Deadline);
        int received = 0;
        int last = 1;
        try
        {
            for (; received < length && last > 0; received += last)
            {
                last = await _stream.ReadAsync(buffer.AsMemory(received), deadline.Token);
            }
        }
        catch (OperationCanceledException exception)
        {
            string text = Encoding.Latin1.GetString(buffer, 0, received);
            throw new TimeoutException($"Of {length} bytes only these have come: {text}", exception);
        }

        return Encoding.Latin1.GetString(buffer, 0, received);
    }

    /// <summary>All that comes before the end of the connection.</summary>
    public async Task<string> ReceiveAllAsync()
    {
        var answers = new StringBuilder();
        try
        {
            while (await ReceiveAsync(1) is { Length: > 0 } one)
            {
                answers.Append(one);
            }
        }
        catch (IOException)
        {
            // Reset: it had not read all.
        }

        return answers.ToString();
    }

    /// <summary>Whether the server ends the connection, with nothing before.</summary>
    public async Task<bool> IsEndedAsync()
    {
        try
        {
            return (await ReceiveAsync(1)).Length == 0;
        }
        catch (IOException) // reset: it had not read all
        {
            return true;
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
