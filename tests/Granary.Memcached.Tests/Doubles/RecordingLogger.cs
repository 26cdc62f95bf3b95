using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>Keeps what is said. Safe for concurrent use.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public string[] Warnings => At(LogLevel.Warning);

    public string[] Debug => At(LogLevel.Debug);

    /// <summary>The levels of all that was said.</summary>
    public LogLevel[] Levels => [.. _entries.Select(entry => entry.Level)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, $"{formatter(state, exception)}{exception}"));

    private string[] At(LogLevel level) => [.. _entries.Where(entry => entry.Level == level).Select(entry => entry.Text)];
}
