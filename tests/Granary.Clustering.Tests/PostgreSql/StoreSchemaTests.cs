using Granary.Clustering.PostgreSql;
using Npgsql;

namespace Granary.Clustering.Tests.PostgreSql;

[Collection(PostgreSqlCollection.Name)]
public sealed class StoreSchemaTests(SharedPostgreSql postgres)
{
    private const string FirstTable = "CREATE TABLE first_table (number integer)";
    private const string SecondTable = "CREATE TABLE second_table (number integer)";

    [Fact]
    public async Task ApplyAsync_OnAnEmptyDatabase_MakesTheCurrentVersionAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());

        await new StoreSchema(store).ApplyAsync(CancellationToken.None);

        Assert.Equal(StoreSchema.ReadMigrations().Count, await VersionAsync(store));
    }

    [Fact]
    public async Task ApplyAsync_ASecondTime_ChangesNothingAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());
        await new StoreSchema(store).ApplyAsync(CancellationToken.None);
        await ExecuteAsync(store, "INSERT INTO granary_membership_version VALUES ('granary', 7)");

        await new StoreSchema(store).ApplyAsync(CancellationToken.None);

        Assert.Equal(StoreSchema.ReadMigrations().Count, await VersionAsync(store));
        Assert.Equal(7, await ScalarAsync(store, "SELECT version FROM granary_membership_version"));
    }

    [Fact]
    public async Task ApplyAsync_ByManyAtOnce_SucceedsForAllAsync()
    {
        string connection = await postgres.CreateDatabaseAsync();
        ClusterStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => new ClusterStore(connection))];

        await Task.WhenAll(stores.Select(store => new StoreSchema(store).ApplyAsync(CancellationToken.None)));

        Assert.Equal(StoreSchema.ReadMigrations().Count, await VersionAsync(stores[0]));
        Assert.Equal(1, await ScalarAsync(stores[0], "SELECT count(*)::integer FROM granary_membership_schema"));
        Array.ForEach(stores, store => store.Dispose());
    }

    [Fact]
    public async Task ApplyAsync_OnAnOlderVersion_RunsOnlyWhatIsMissingAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());
        await new StoreSchema(store, [FirstTable]).ApplyAsync(CancellationToken.None);
        await ExecuteAsync(store, "INSERT INTO first_table VALUES (42)");

        await new StoreSchema(store, [FirstTable, SecondTable]).ApplyAsync(CancellationToken.None);

        Assert.Equal(2, await VersionAsync(store));
        Assert.Equal(42, await ScalarAsync(store, "SELECT number FROM first_table"));
        Assert.Equal(0, await ScalarAsync(store, "SELECT count(*)::integer FROM second_table"));
    }

    [Fact]
    public async Task ApplyAsync_OfAFailingScript_LeavesWhatWasAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());
        await new StoreSchema(store, [FirstTable]).ApplyAsync(CancellationToken.None);

        await Assert.ThrowsAsync<PostgresException>(() =>
            new StoreSchema(store, [FirstTable, SecondTable, "CREATE NONSENSE"]).ApplyAsync(CancellationToken.None));

        Assert.Equal(1, await VersionAsync(store));
        await new StoreSchema(store, [FirstTable, SecondTable]).ApplyAsync(CancellationToken.None);
        Assert.Equal(2, await VersionAsync(store));
    }

    [Fact]
    public async Task ApplyAsync_OnANewerVersion_RefusesAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());
        await new StoreSchema(store, [FirstTable, SecondTable]).ApplyAsync(CancellationToken.None);

        GranaryException error = await Assert.ThrowsAsync<GranaryException>(() =>
            new StoreSchema(store, [FirstTable]).ApplyAsync(CancellationToken.None));

        Assert.Contains("--cluster-store", error.Message, StringComparison.Ordinal);
        Assert.Contains("version 2, from a newer Granary; this one knows version 1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlProcess.Password, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await VersionAsync(store));
    }

    [Fact]
    public async Task ApplyAsync_BesideAnotherOrleansApplication_RefusesAsync()
    {
        await using var store = new ClusterStore(await postgres.CreateDatabaseAsync());
        await ExecuteAsync(store, "CREATE TABLE OrleansQuery (QueryKey text, QueryText text)");

        GranaryException error = await Assert.ThrowsAsync<GranaryException>(() =>
            new StoreSchema(store).ApplyAsync(CancellationToken.None));

        Assert.Contains("another Orleans application", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await ScalarAsync(store, "SELECT count(*)::integer FROM OrleansQuery"));
    }

    [Fact]
    public async Task ApplyAsync_WithASearchPath_MakesTheTablesThereAsync()
    {
        string connection = await postgres.CreateDatabaseAsync();
        await using var store = new ClusterStore($"{connection};Search Path=cluster_b");
        await ExecuteAsync(store, "CREATE SCHEMA cluster_b; CREATE TABLE public.OrleansQuery (number integer)");

        await new StoreSchema(store).ApplyAsync(CancellationToken.None);

        Assert.Equal(1, await ScalarAsync(store, "SELECT version FROM cluster_b.granary_membership_schema"));
    }

    private static Task<int> VersionAsync(ClusterStore store) =>
        ScalarAsync(store, "SELECT version FROM granary_membership_schema");

    private static async Task<int> ScalarAsync(ClusterStore store, string sql)
    {
        await using NpgsqlCommand command = store.DataSource.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(ClusterStore store, string sql)
    {
        await using NpgsqlCommand command = store.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
