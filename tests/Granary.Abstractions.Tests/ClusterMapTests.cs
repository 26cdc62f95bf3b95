namespace Granary.Abstractions.Tests;

/// <summary>The map is computed by every silo and every client for itself: all must come to the same.</summary>
public sealed class ClusterMapTests
{
    private const int ShardCount = 256;
    private const string PodLetters = "bcdfghjklmnpqrstvwxz2456789"; // what Kubernetes makes random names of

    [Theory]
    [InlineData("a", "aaaaaaaaaaaaaaaa")]
    [InlineData("a,b", "baabaaababbaaaaa")]
    [InlineData("a,b,c", "baabaccbcbbaaaac")]
    public void OwnerNameOf_KnownSilos_IsTheVector(string silos, string firstOwners)
    {
        var map = new ClusterMap(ShardCount, silos.Split(','));

        Assert.Equal(firstOwners, string.Concat(Enumerable.Range(0, 16).Select(map.OwnerNameOf)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(256, 3)]
    [InlineData(256, 7)]
    [InlineData(16, 16)]
    [InlineData(5, 8)]
    public void ShardsOf_AllSilos_DifferByAtMostOne(int shardCount, int siloCount)
    {
        var map = new ClusterMap(shardCount, PodNames(siloCount, seed: 1));

        int[] loads = [.. Enumerable.Range(0, siloCount).Select(silo => map.ShardsOf(silo).Count())];

        Assert.Equal(shardCount, loads.Sum());
        Assert.InRange(loads.Max() - loads.Min(), 0, 1);
    }

    [Fact]
    public void OwnerOf_NamesInAnyOrder_IsTheSame()
    {
        string[] names = PodNames(7, seed: 2);
        var map = new ClusterMap(ShardCount, names);
        var reversed = new ClusterMap(ShardCount, names.Reverse());

        Assert.Equal(map.SiloNames, reversed.SiloNames);
        Assert.Equal(Owners(map), Owners(reversed));
    }

    [Fact]
    public void OwnerOf_NoSilo_IsNobody()
    {
        var map = new ClusterMap(ShardCount, []);

        Assert.Equal(-1, map.OwnerOf(0));
        Assert.Null(map.OwnerNameOf(0));
        Assert.Null(map.HeirNameOf(0));
    }

    [Fact]
    public void HeirNameOf_OneSilo_IsNobody()
    {
        Assert.Null(new ClusterMap(ShardCount, ["a"]).HeirNameOf(0));
    }

    [Fact]
    public void HeirNameOf_EveryShard_IsTheOwnerWithoutTheOwner()
    {
        string[] names = PodNames(5, seed: 3);
        var map = new ClusterMap(ShardCount, names);

        foreach (string gone in names)
        {
            var without = new ClusterMap(ShardCount, names.Where(name => name != gone));
            foreach (int shard in Enumerable.Range(0, ShardCount).Where(shard => map.OwnerNameOf(shard) == gone))
            {
                Assert.NotEqual(gone, map.HeirNameOf(shard), StringComparer.Ordinal);
                Assert.Equal(without.OwnerNameOf(shard), map.HeirNameOf(shard));
            }
        }
    }

    [Fact]
    public void Constructor_NameTwice_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => new ClusterMap(ShardCount, ["a", "twice", "twice"]));

        Assert.Contains("'twice'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_EmptyName_Throws()
    {
        Assert.Throws<ArgumentException>("siloNames", () => new ClusterMap(ShardCount, ["a", string.Empty]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65_537)]
    public void Constructor_ShardCountOutOfBounds_Throws(int shardCount)
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(shardCount), () => new ClusterMap(shardCount, ["a"]));
    }

    [Fact]
    public void Constructor_MostShards_Succeeds()
    {
        Assert.Equal(65_536, new ClusterMap(65_536, ["a"]).ShardsOf(0).Count());
    }

    // With few shards a silo the room of the others changes more: the figures are those of the decision record.
    [Fact]
    public void Join_OfRandomPods_MovesFewShards()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            string[] names = PodNames(16, seed);
            for (int silos = 2; silos <= names.Length; silos++)
            {
                string?[] before = Owners(new ClusterMap(ShardCount, names[..(silos - 1)]));
                string?[] after = Owners(new ClusterMap(ShardCount, names[..silos]));

                int moved = before.Zip(after).Count(pair => pair.First != pair.Second);

                double factor = silos <= 8 ? 1.5 : 2.2;
                Assert.True(
                    moved <= factor * ShardCount / silos,
                    $"The join of silo {silos} moved {moved} of {ShardCount} shards (seed {seed}).");
            }
        }
    }

    private static string?[] Owners(ClusterMap map) =>
        [.. Enumerable.Range(0, map.ShardCount).Select(map.OwnerNameOf)];

    private static string[] PodNames(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => "granary-6d4cf56db6-" + random.GetString(PodLetters, 5)),
        ];
    }
}
