using System.Globalization;
using Npgsql;

namespace Granary.Clustering.PostgreSql;

/// <summary>
/// Makes the tables of the cluster store and brings older ones up to date. All of it is one transaction under an
/// advisory lock: silos that start at the same time take turns, and a start that dies leaves nothing half done.
/// </summary>
/// <param name="store">Where.</param>
/// <param name="migrations">One script for each version, the first makes version 1.</param>
internal sealed class StoreSchema(ClusterStore store, IReadOnlyList<string> migrations)
{
    private const long LockKey = 0x6772_616E_6172_79; // "granary" in ASCII: advisory locks have numbers for names

    public StoreSchema(ClusterStore store)
        : this(store, ReadMigrations())
    {
    }

    /// <summary>Does nothing where the tables are as this version of Granary needs them.</summary>
    /// <exception cref="GranaryException">The tables are another application's, or a newer Granary's.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await store.DataSource.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        int version = await ReadVersionAsync(connection, cancellationToken);
        if (version > migrations.Count)
        {
            throw new GranaryException(
                $"The cluster store (--cluster-store), {store.Name}, has tables of version {version}, from a newer "
                + $"Granary; this one knows version {migrations.Count}. Start it with the newer one.");
        }

        for (; version < migrations.Count; version++)
        {
            await ExecuteAsync(connection, migrations[version], cancellationToken);
            await ExecuteAsync(
                connection,
                $"UPDATE granary_membership_schema SET version = {version + 1}",
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The scripts of this assembly: 001-NAME.sql makes version 1, and so on.</summary>
    internal static IReadOnlyList<string> ReadMigrations() =>
    [
        .. typeof(StoreSchema).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(StoreSchema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    // 0 where there was nothing; the table of the version is then made, with its row.
    private async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, "granary_membership_schema", cancellationToken))
        {
            await using var read = new NpgsqlCommand("SELECT version FROM granary_membership_schema", connection);
            object? version = await read.ExecuteScalarAsync(cancellationToken);
            return Convert.ToInt32(version, CultureInfo.InvariantCulture);
        }

        if (await ExistsAsync(connection, "OrleansQuery", cancellationToken))
        {
            throw new GranaryException(
                $"The cluster store (--cluster-store), {store.Name}, has the tables of another Orleans application; "
                + "give Granary a database or a schema (Search Path) of its own.");
        }

        await ExecuteAsync(
            connection,
            "CREATE TABLE granary_membership_schema (version integer NOT NULL); INSERT INTO granary_membership_schema VALUES (0)",
            cancellationToken);
        return 0;
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT to_regclass('{table}') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
