using System.Net;
using Microsoft.Extensions.Logging;

namespace Granary.Clustering.Tests;

public sealed class FatalExitTests
{
    [Fact]
    public void OnFatalException_WithoutException_SaysThatTheSiloIsDeclaredDeadAndExits()
    {
        var log = new RecordedLog();
        List<int> exits = [];
        var handler = new FatalExit(new NamedSilo("b"), log, exits.Add);

        handler.OnFatalException(this, "I have been told I am dead");

        Assert.Equal([FatalExit.ExitCode], exits);
        string line = Assert.Single(log.Lines);
        Assert.Contains("Silo 'b'", line, StringComparison.Ordinal);
        Assert.Contains("declared it dead", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.True(log.IsDisposed, "The log was not written out before the exit.");
    }

    [Fact]
    public void OnFatalException_WithException_LogsItWithItsContext()
    {
        var log = new RecordedLog();
        List<int> exits = [];
        var handler = new FatalExit(new NamedSilo("b"), log, exits.Add);

        handler.OnFatalException(this, "UpdateIAmAlive", new InvalidOperationException("a bug"));

        Assert.Equal([FatalExit.ExitCode], exits);
        string line = Assert.Single(log.Lines);
        Assert.Contains("UpdateIAmAlive", line, StringComparison.Ordinal);
        Assert.Contains("a bug", line, StringComparison.Ordinal);
    }

    [Fact]
    public void OnFatalException_Twice_SaysAndExitsOnce()
    {
        var log = new RecordedLog();
        List<int> exits = [];
        var handler = new FatalExit(new NamedSilo("b"), log, exits.Add);

        handler.OnFatalException(this, "first");
        handler.OnFatalException(this, "second", new InvalidOperationException());

        Assert.Single(exits);
        Assert.Single(log.Lines);
    }

    private sealed class NamedSilo(string name) : ILocalSiloDetails
    {
        public string Name => name;

        public string ClusterId => "granary";

        public string DnsHostName => "host";

        public SiloAddress SiloAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }

    private sealed class RecordedLog : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public bool IsDisposed { get; private set; }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)} {exception?.Message}");

        public void Dispose() => IsDisposed = true;
    }
}
