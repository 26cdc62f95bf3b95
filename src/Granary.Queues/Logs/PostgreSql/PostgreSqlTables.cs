namespace Granary.Queues.Logs.PostgreSql;

/// <summary>The tables of the log and the catalog.</summary>
internal static class PostgreSqlTables
{
    /// <summary>Makes them in a schema that has none.</summary>
    public static string Script { get; } = Read("tables.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PostgreSqlTables).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
