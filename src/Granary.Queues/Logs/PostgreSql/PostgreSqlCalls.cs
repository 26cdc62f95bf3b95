using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>Calls of the database that are no commits: each on a connection of the pool.</summary>
internal static class PostgreSqlCalls
{
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

    /// <summary>Whether it is the database's, or of the way to it.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is DbException or SocketException or IOException or TimeoutException;
}
