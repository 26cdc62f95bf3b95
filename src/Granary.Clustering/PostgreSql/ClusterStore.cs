using System.Globalization;
using Npgsql;

namespace Granary.Clustering.PostgreSql;

/// <summary>The database that holds the membership. What it says of itself never has the password.</summary>
internal sealed class ClusterStore : IAsyncDisposable, IDisposable
{
    // Npgsql's own defaults, 15 s and 30 s, would let one silent database hold up a change of the membership for as long.
    private const int ConnectTimeoutSeconds = 5;
    private const int CommandTimeoutSeconds = 5;

    // Npgsql would ask a database that does not answer to cancel what is late, and block a thread of the pool until that is
    // given up as well. Where two commands are late at once, a silo of two cores stood still for two seconds.
    private const int NoCancellation = -1;

    // One silo reads the table, beats its heart, and now and then votes.
    private const int MaxPoolSize = 8;

    /// <param name="connection">As Npgsql reads it; what it leaves open gets the defaults of a cluster store.</param>
    /// <exception cref="GranaryException">It is no connection string, or names no host.</exception>
    public ClusterStore(string connection)
    {
        NpgsqlConnectionStringBuilder settings = Parse(connection);
        Name = string.Create(
            CultureInfo.InvariantCulture,
            $"PostgreSQL at {settings.Host}:{settings.Port}, database '{settings.Database ?? settings.Username}'");
        DataSource = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>For messages: host, port and database.</summary>
    public string Name { get; }

    public NpgsqlDataSource DataSource { get; }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();

    // Npgsql's message about a keyword that it does not know repeats it, and of a URL that is all up to the first '=',
    // with the password. So ours says nothing of what was given.
    private static NpgsqlConnectionStringBuilder Parse(string connection)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw Wrong();
        }

        if (string.IsNullOrWhiteSpace(settings.Host))
        {
            throw Wrong();
        }

        SetDefault(settings, "Timeout", ConnectTimeoutSeconds);
        SetDefault(settings, "Command Timeout", CommandTimeoutSeconds);
        SetDefault(settings, "Cancellation Timeout", NoCancellation);
        SetDefault(settings, "Maximum Pool Size", MaxPoolSize);
        SetDefault(settings, "Application Name", "granary");

        // Npgsql's own, Prefer, complains on the console where there is no Kerberos library, as in our image.
        SetDefault(settings, "GSS Encryption Mode", GssEncryptionMode.Disable);
        return settings;
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.ShouldSerialize(keyword))
        {
            settings[keyword] = value;
        }
    }

    private static GranaryException Wrong() => new(
        "The cluster store (--cluster-store) must be a PostgreSQL connection string: "
        + "Host=HOST;Port=5432;Database=NAME;Username=NAME;Password=... (not repeated here: it may have a password).");
}
