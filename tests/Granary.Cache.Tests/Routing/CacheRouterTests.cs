using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Wire;

namespace Granary.Cache.Tests.Routing;

/// <summary>The way of an operation whose shard is on another silo, or not where it should be.</summary>
public sealed class CacheRouterTests : IDisposable
{
    private readonly PausingTimeProvider _time = new();
    private readonly CacheStore _elsewhere; // what the other silo and the grain execute on
    private readonly FakePeer _other;
    private readonly FakePeer _grain;
    private readonly TestSilo _silo;

    public CacheRouterTests()
    {
        _elsewhere = TestStore.Create(_time);
        _other = new FakePeer(TestShards.Other, _elsewhere);
        _grain = new FakePeer(TestShards.Other, _elsewhere) { Locate = static () => TestShards.Other };
        _silo = new TestSilo(_time, _other, _grain);
    }

    [Fact]
    public async Task Operations_OnAShardOfAnotherSilo_AreExecutedThereInOneMessageAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        using RemoteCall call = Call()
            .Submit(CacheOperation.Set, "key", "a")
            .Submit(CacheOperation.Append, "key", "b")
            .Submit(CacheOperation.Get, "key");

        string[] answers = await call.SendAsync();

        Assert.Equal(["Success", "Success", "Success ab"], answers);
        Assert.Equal(["Set key", "Append key", "Get key"], Assert.Single(_other.Batches));
        Assert.Empty(_grain.Batches);
    }

    [Fact]
    public async Task Operations_OfOneCaller_StayInTheirOrderWhenTheShardMovesBetweenThemAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        using RemoteCall call = Call().Submit(CacheOperation.Set, "key", "a");
        _silo.Registry[0].Announce(TestShards.Self, 2); // on its way here

        await call.Submit(CacheOperation.Append, "key", "b").SendAsync();

        Assert.Equal(["Set key", "Append key"], Assert.Single(_other.Batches));
    }

    [Fact]
    public async Task Operation_ThatTheSiloDoesNotOwn_GoesToTheGrainUntilTheShardIsServedAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Close(0);
        _grain.BeforeExecute = number =>
        {
            if (number == 2)
            {
                _elsewhere.Open(0);
            }

            return Task.CompletedTask;
        };
        using RemoteCall call = Call().Submit(CacheOperation.Set, "key", "a");

        Assert.Equal(["Success"], await call.SendAsync());

        Assert.Single(_other.Batches);
        Assert.Equal(3, _grain.Batches.Length);
    }

    [Fact]
    public async Task Operation_OnAShardThatNobodyServes_IsGivenUpInTimeAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Close(0);
        DateTimeOffset start = _time.GetUtcNow();
        using RemoteCall call = Call().Submit(CacheOperation.Set, "key", "a");

        Assert.Equal(["NotOwner"], await call.SendAsync());

        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Operations_BehindADetour_FollowItAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        var held = new TaskCompletionSource();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _elsewhere.Close(0);
        _grain.BeforeExecute = async _ =>
        {
            _elsewhere.Open(0);
            held.TrySetResult();
            await gate.Task;
        };
        using RemoteCall first = Call().Submit(CacheOperation.Set, "key", "a");
        Task<string[]> detour = first.SendAsync();
        await held.Task.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);
        using RemoteCall second = Call().Submit(CacheOperation.Append, "key", "b");

        Task<string[]> behind = second.SendAsync();
        gate.SetResult();
        await Task.WhenAll(detour, behind);

        Assert.Single(_other.Batches);
        Assert.Equal([["Set key"], ["Append key"]], _grain.Batches);
    }

    // Others came with it in one message, and would wait with it: the client asks again.
    [Fact]
    public async Task ForwardedOperation_ThatTheSiloDoesNotOwn_IsAnsweredSoAndTheDirectoryIsAskedAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Close(0);
        var asked = new TaskCompletionSource();
        _grain.Locate = () =>
        {
            asked.TrySetResult();
            return TestShards.Other;
        };
        using RemoteCall call = Call().Submit(CacheOperation.Set, "key", "a", mayDetour: false);

        Assert.Equal(["NotOwner"], await call.SendAsync());

        await asked.Task.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);
        Assert.Empty(_grain.Batches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // Orleans says so also of a message that was under way
    public async Task Change_WhoseAnswerIsLost_IsUnknownAndNotSentAgainAsync(bool isSiloDead)
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Set("key", "a"u8);
        _other.AfterExecute = _ => throw (isSiloDead ? new SiloUnavailableException("dead") : new TimeoutException("lost"));
        using RemoteCall call = Call().Submit(CacheOperation.Append, "key", "b");

        Assert.Equal(["Unknown"], await call.SendAsync());

        using RemoteCall read = Call().Submit(CacheOperation.Get, "key");
        _other.AfterExecute = null;
        Assert.Equal(["Success ab"], await read.SendAsync());
        Assert.Empty(_grain.Batches);
    }

    [Fact]
    public async Task Read_WhoseAnswerIsLost_IsAskedAgainAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Set("key", "a"u8);
        _other.AfterExecute = _ => throw new TimeoutException("lost");
        using RemoteCall call = Call().Submit(CacheOperation.Get, "key");

        Assert.Equal(["Success a"], await call.SendAsync());
    }

    // An older build refuses a message with an operation that it does not know, and with it those of others.
    [Fact]
    public async Task Operations_WithOptions_TravelWithOthersWhenTheSiloHasAnsweredOneAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        using RemoteCall first = Call()
            .Submit(CacheOperation.Set, "key", "a")
            .Submit(CacheOperation.ReadWith, "key")
            .Submit(CacheOperation.Get, "key");
        Assert.Equal(["Success", "Success", "Success a"], await first.SendAsync());

        using RemoteCall second = Call()
            .Submit(CacheOperation.Set, "key", "b")
            .Submit(CacheOperation.ReadWith, "key")
            .Submit(CacheOperation.Get, "key");
        Assert.Equal(["Success", "Success", "Success b"], await second.SendAsync());

        Assert.Equal(
            [["Set key"], ["ReadWith key"], ["Get key"], ["Set key", "ReadWith key", "Get key"]], _other.Batches);
    }

    // It may know options and no tags.
    [Fact]
    public async Task Operations_WithTags_TravelWithOthersWhenTheSiloHasAnsweredOneAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        using RemoteCall options = Call().Submit(CacheOperation.ReadWith, "key");
        Assert.Equal(["NotFound"], await options.SendAsync());

        foreach (string value in (string[])["a", "b"])
        {
            using RemoteCall call = Call()
                .Submit(CacheOperation.ReadWith, "other")
                .SubmitTagged("key", value)
                .Submit(CacheOperation.Get, "key");
            Assert.Equal(["NotFound", "Success", $"Success {value}"], await call.SendAsync());
        }

        Assert.Equal(
            [["ReadWith key"], ["ReadWith other"], ["PutWith key"], ["Get key"], ["ReadWith other", "PutWith key", "Get key"]],
            _other.Batches);
    }

    [Fact]
    public async Task Read_WithOptions_IsAskedAgainOnlyIfItChangesNothingAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Set("key", "a"u8);
        _other.AfterExecute = _ => throw new TimeoutException("lost");
        using RemoteCall read = Call().Submit(CacheOperation.ReadWith, "key");
        Assert.Equal(["Success"], await read.SendAsync());

        using RemoteCall delete = Call().Submit(CacheOperation.DeleteWith, "key");
        Assert.Equal(["Unknown"], await delete.SendAsync());
    }

    // Orleans goes on using the connection to it for seconds.
    [Fact]
    public async Task Operation_ForASiloThatIsDead_IsNotSentThereAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _silo.Membership.Set((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead)); // the view follows
        using RemoteCall call = Call().Submit(CacheOperation.Set, "key", "a");

        Assert.Equal(["Success"], await call.SendAsync());

        Assert.Empty(_other.Batches);
        Assert.Single(_grain.Batches);
    }

    public void Dispose()
    {
        _silo.Dispose();
        _elsewhere.Dispose();
    }

    private RemoteCall Call() => new(_silo.Router);

    private async Task SeeTheShardAtTheOtherAsync()
    {
        await _silo.SeeBothAsync();
        _silo.Registry[0].Announce(TestShards.Other, 1);
        _elsewhere.Open(0);
    }
}
