using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>Connections to the queues' database, with limits under which a silo that loses it notices in seconds.</summary>
internal static class PostgreSqlSource
{
    // Npgsql's own are 15 s, 30 s and 2 s. A command is a commit of 4 MiB at most, or the read of 1 MiB.
    private const int ConnectTimeoutSeconds = 2;
    private const int CommandTimeoutSeconds = 5;
    private const int NoCancellationTimeout = -1; // a database that does not answer does not cancel either

    // The lanes keep theirs; the rest opens partitions and reads backlogs. PostgreSQL's default is 100 for all silos.
    private const int MaxPoolSize = 8;

    /// <param name="connection">As Npgsql reads it; what it leaves open is set here.</param>
    /// <exception cref="GranaryException">It is no connection string. It is not repeated: it may have a password.</exception>
    public static NpgsqlDataSource Create(string connection)
    {
        NpgsqlConnectionStringBuilder settings = Parse(connection);
        SetDefault(settings, "Timeout", ConnectTimeoutSeconds);
        SetDefault(settings, "Command Timeout", CommandTimeoutSeconds);
        SetDefault(settings, "Cancellation Timeout", NoCancellationTimeout);
        SetDefault(settings, "Maximum Pool Size", MaxPoolSize);
        SetDefault(settings, "Application Name", "granary queues");
        SetDefault(settings, "GSS Encryption Mode", GssEncryptionMode.Disable); // as the cluster store
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static NpgsqlConnectionStringBuilder Parse(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw Wrong();
        }
    }

    private static GranaryException Wrong() => new("The queues' store must be a PostgreSQL connection string.");

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.ShouldSerialize(keyword))
        {
            settings[keyword] = value;
        }
    }
}
