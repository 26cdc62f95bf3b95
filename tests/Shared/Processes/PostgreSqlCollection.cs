namespace Granary.Tests.Shared.Processes;

/// <summary>Tests that need PostgreSQL.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<SharedPostgreSql>
{
    public const string Name = "PostgreSQL";
}
