using System.Runtime.InteropServices;
using System.Text;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A client's conversation with a session, without a socket.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly Session _session;
    private readonly OutputBuffer _output = new();
    private readonly List<byte> _input = [];

    public Conversation(GatewayState gateway)
    {
        Counters = gateway.AddCounters();
        _session = new Session(gateway, Counters, static () => { });
    }

    public GatewayCounters Counters { get; }

    public bool IsClosed { get; private set; }

    /// <summary>How often it let others have their turn.</summary>
    public int Yields { get; private set; }

    /// <summary>Bytes that the session leaves with its caller.</summary>
    public int HeldBytes => _input.Count;

    /// <summary>Sends bytes, one a character.</summary>
    /// <returns>What is answered.</returns>
    public string Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public string Send(ReadOnlySpan<byte> bytes)
    {
        _input.AddRange(bytes);
        var answers = new StringBuilder();
        SessionStatus status;
        do
        {
            status = _session.Process(CollectionsMarshal.AsSpan(_input), _output, out int consumed);
            _input.RemoveRange(0, consumed);
            answers.Append(Encoding.Latin1.GetString(_output.Written));
            _output.Clear();
            Yields += status == SessionStatus.Yielded ? 1 : 0;
        }
        while (status is SessionStatus.OutputFull or SessionStatus.Yielded);

        Assert.NotEqual(SessionStatus.Suspended, status); // there is nobody to wait for
        IsClosed = status == SessionStatus.Close;
        return answers.ToString();
    }

    public void Dispose() => _session.Dispose();
}
