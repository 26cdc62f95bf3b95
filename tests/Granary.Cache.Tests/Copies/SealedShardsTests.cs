using Granary.Cache.Copies;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Copies;

/// <summary>How many shards of a silo wait at once to be served by another.</summary>
public sealed class SealedShardsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SealedShards _shards;

    public SealedShardsTests() => _shards = new SealedShards(_time);

    [Fact]
    public void Room_AtFirst_IsForOne()
    {
        Assert.Equal(1, Fill());
    }

    [Fact]
    public void Room_WhileTheOtherSiloIsQuick_GrowsToFour()
    {
        int[] room = [.. Enumerable.Range(0, 5).Select(_ => FillAndServe(milliseconds: 20))];

        Assert.Equal([1, 2, 4, 4, 4], room);
    }

    [Fact]
    public void Room_WhenTheOtherSiloIsSlow_IsForOneAgain()
    {
        FillAndServe(milliseconds: 20);
        FillAndServe(milliseconds: 200);

        Assert.Equal(1, Fill());
    }

    [Fact]
    public void Room_WhenAShardIsTakenBack_IsForOneAgain()
    {
        FillAndServe(milliseconds: 20);
        Fill();
        _shards.Remove(0);
        _shards.Remove(1);

        Assert.True(_shards.IsEmpty);
        Assert.Equal(1, Fill());
    }

    [Fact]
    public void Shard_ThatIsServedHereAgain_MakesRoom()
    {
        Fill();
        _shards.Follow(_ => false, _ => true);

        Assert.True(_shards.HasRoom);
    }

    [Fact]
    public void Shard_ThatNobodyServes_IsForgottenAfterAWhile()
    {
        Fill();
        _time.Advance(TimeSpan.FromSeconds(5));
        _shards.Follow(_ => false, _ => false);
        Assert.False(_shards.HasRoom);

        _time.Advance(TimeSpan.FromSeconds(2));
        _shards.Follow(_ => false, _ => false);

        Assert.True(_shards.HasRoom);
    }

    private int Fill()
    {
        int count = 0;
        while (_shards.HasRoom)
        {
            _shards.Add(count++);
        }

        return count;
    }

    private int FillAndServe(int milliseconds)
    {
        int count = Fill();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _shards.Follow(_ => true, _ => false);
        return count;
    }
}
