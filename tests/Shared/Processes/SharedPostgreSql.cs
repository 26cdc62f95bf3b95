namespace Granary.Tests.Shared.Processes;

/// <summary>One PostgreSQL for all tests, started by the first that asks; each test has a database of its own.</summary>
public sealed class SharedPostgreSql : IAsyncDisposable
{
    // Lazy, because a test can be skipped for a missing program and its fixture cannot.
    private readonly Lazy<Task<PostgreSqlProcess>> _process = new(PostgreSqlProcess.StartNewAsync);
    private int _databases;

    /// <returns>A connection string to a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        PostgreSqlProcess process = await _process.Value;
        return await process.CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.IsValueCreated && _process.Value.IsCompletedSuccessfully)
        {
            PostgreSqlProcess process = await _process.Value;
            await process.DisposeAsync();
        }
    }
}
