namespace Granary.Streams.Tests.Silos;

/// <summary>Tests that share a silo.</summary>
[CollectionDefinition(Name)]
public sealed class OneSiloCollection : ICollectionFixture<OneSilo>
{
    public const string Name = "one silo";
}
