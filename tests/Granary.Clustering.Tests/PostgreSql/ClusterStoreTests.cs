using Granary.Clustering.PostgreSql;
using Npgsql;

namespace Granary.Clustering.Tests.PostgreSql;

public sealed class ClusterStoreTests
{
    [Theory]
    [InlineData("postgres://granary:secret@db/granary")]
    [InlineData("postgres://granary:secret@db/granary?sslmode=require")]
    [InlineData("Host=db;Passwort=secret")]
    [InlineData("Host=db;Port=secret")]
    [InlineData("Database=granary;Password=secret")]
    [InlineData("secret")]
    public void ClusterStore_OfAWrongConnectionString_NamesTheOptionAndNotThePassword(string connection)
    {
        GranaryException error = Assert.Throws<GranaryException>(() => new ClusterStore(connection));

        Assert.Contains("--cluster-store", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Name_OfAStore_HasHostPortAndDatabaseOnly()
    {
        using var store = new ClusterStore("Host=db;Port=6432;Database=granary;Username=g;Password=secret");

        Assert.Equal("PostgreSQL at db:6432, database 'granary'", store.Name);
    }

    [Fact]
    public void DataSource_OfAShortConnectionString_HasOurDefaults()
    {
        using var store = new ClusterStore("Host=db");

        var settings = new NpgsqlConnectionStringBuilder(store.DataSource.ConnectionString);
        Assert.Equal(5, settings.Timeout);
        Assert.Equal(5, settings.CommandTimeout);
        Assert.Equal(-1, settings.CancellationTimeout);
        Assert.Equal(8, settings.MaxPoolSize);
        Assert.Equal(GssEncryptionMode.Disable, settings.GssEncryptionMode);
    }

    [Fact]
    public void DataSource_OfALongConnectionString_KeepsWhatItSays()
    {
        using var store = new ClusterStore(
            "Host=db;Timeout=7;CommandTimeout=9;MaxPoolSize=11;GssEncryptionMode=Prefer");

        var settings = new NpgsqlConnectionStringBuilder(store.DataSource.ConnectionString);
        Assert.Equal(7, settings.Timeout);
        Assert.Equal(9, settings.CommandTimeout);
        Assert.Equal(11, settings.MaxPoolSize);
        Assert.Equal(GssEncryptionMode.Prefer, settings.GssEncryptionMode);
    }
}
