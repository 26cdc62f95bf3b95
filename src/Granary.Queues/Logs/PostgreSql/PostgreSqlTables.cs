using System.Globalization;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>
/// The tables of the log and the catalog. Their version is their own: a silo of a build that knows no queues here, and
/// looks at the membership's version only, joins a cluster whose other silos have made them.
/// </summary>
internal static class PostgreSqlTables
{
    private const int Version = 1;
    private const long LockKey = 0x6772_616E_7175_6575; // "granqueu" in ASCII: advisory locks have numbers for names

    /// <summary>Makes them in a schema that has none.</summary>
    public static string Script { get; } = Read("tables.sql");

    /// <summary>
    /// Makes them where they are not. One transaction under an advisory lock: silos that start at the same time take
    /// turns, and a start that dies leaves nothing half done.
    /// </summary>
    /// <exception cref="GranaryUnavailableException">The database cannot be reached, or refuses.</exception>
    /// <exception cref="GranaryException">The tables are a newer Granary's.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        int version = await PostgreSqlCalls.ChangeAsync(
            source,
            async connection =>
            {
                await PostgreSqlRows.ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken)
                    .ConfigureAwait(false);
                return await ReadVersionAsync(connection, cancellationToken).ConfigureAwait(false)
                    ?? await MakeAsync(connection, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (version > Version)
        {
            throw new GranaryException(
                $"The cluster store (--cluster-store) has queues of version {version}, from a newer Granary; this one "
                + $"knows version {Version}. Start it with the newer one.");
        }
    }

    // Null: they are not there.
    private static async Task<int?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand find =
            PostgreSqlRows.Command(connection, "SELECT to_regclass('granary_queue_schema') IS NOT NULL");
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            return null;
        }

        await using NpgsqlCommand read = PostgreSqlRows.Command(connection, "SELECT version FROM granary_queue_schema");
        return Convert.ToInt32(
            await read.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private static async Task<int> MakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await PostgreSqlRows.ExecuteAsync(connection, Script, cancellationToken).ConfigureAwait(false);
        return Version;
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PostgreSqlTables).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
