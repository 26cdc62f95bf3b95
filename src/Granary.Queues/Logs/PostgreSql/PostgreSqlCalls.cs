using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>Calls of the database that are no commits: each on a connection of the pool.</summary>
internal static class PostgreSqlCalls
{
    // A silo that is stopped or cut off between two statements would lock out whoever takes its partitions over.
    private const string LimitIdleTime = "SET LOCAL idle_in_transaction_session_timeout = '2s'";

    /// <exception cref="GranaryUnavailableException">The database cannot be reached, or refuses.</exception>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource source, Func<NpgsqlConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection =
                await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await call(connection).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw new GranaryUnavailableException(
                $"The queues' database failed: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>As <see cref="RunAsync"/>, all of it one transaction.</summary>
    /// <exception cref="GranaryUnavailableException">The database cannot be reached, or refuses.</exception>
    public static Task<T> ChangeAsync<T>(
        NpgsqlDataSource source, Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken) => RunAsync(
        source,
        async connection =>
        {
            await using NpgsqlTransaction transaction =
                await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await PostgreSqlRows.ExecuteAsync(connection, LimitIdleTime, cancellationToken).ConfigureAwait(false);
            T result = await change(connection).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        },
        cancellationToken);

    /// <summary>Whether it is the database's, or of the way to it.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is DbException or SocketException or IOException or TimeoutException;
}
