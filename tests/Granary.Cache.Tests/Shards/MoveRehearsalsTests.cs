using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>What goes to a silo before the first shard does.</summary>
public sealed class MoveRehearsalsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails

    private readonly FakeTimeProvider _time = new();
    private readonly FakeRehearsal _grain = new();
    private readonly TestSilo _silo;
    private readonly MoveRehearsals _rehearsals;

    public MoveRehearsalsTests()
    {
        _silo = new TestSilo(_time);
        _rehearsals = new MoveRehearsals(
            FakeGrains.Of(rehearsal: _grain), _silo.View, _time, NullLogger<MoveRehearsals>.Instance);
    }

    [Fact]
    public async Task Rehearsal_OfAQuickMove_IsOverAfterItAsync()
    {
        await FollowAsync();
        await WhenOverAsync();

        Assert.Equal(1, _grain.Ended);
    }

    [Fact]
    public async Task Rehearsal_OfAMoveThatIsSlowAtFirst_IsRepeatedAsync()
    {
        int moves = 0;
        _grain.Moves = () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(++moves == 1 ? 400 : 20));
            return true;
        };

        await FollowAsync();
        await WhenOverAsync();

        Assert.Equal(2, _grain.Ended);
    }

    // As to a silo that is too old to know rehearsals: shards go there without.
    [Fact]
    public async Task Rehearsal_ThatDoesNotArrive_IsGivenUpAsync()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _grain.Moves = () => !told.TrySetResult();
        await FollowAsync();
        await told.Task;
        Assert.False(_rehearsals.AreOver(TestShards.Other));

        _time.Advance(TimeSpan.FromSeconds(3));

        await WhenOverAsync();
        Assert.Equal(0, _grain.Ended);
    }

    [Fact]
    public void AreOver_OfASiloThatWasNotSeen_IsFalse() => Assert.False(_rehearsals.AreOver(TestShards.Other));

    [Fact]
    public async Task Follow_OfASiloThatHasLeft_ForgetsItAsync()
    {
        await FollowAsync();
        await WhenOverAsync();

        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active));
        _rehearsals.Follow(_silo.View.Current);

        Assert.False(_rehearsals.AreOver(TestShards.Other));
    }

    public void Dispose() => _silo.Dispose();

    private async Task FollowAsync()
    {
        await _silo.SeeBothAsync();
        _rehearsals.Follow(_silo.View.Current);
    }

    private async Task WhenOverAsync()
    {
        await _rehearsals.WhenOverAsync(TestShards.Other).WaitAsync(
            Deadline, TestContext.Current.CancellationToken);
        Assert.True(_rehearsals.AreOver(TestShards.Other));
    }
}
