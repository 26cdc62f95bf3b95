using Granary.Store.Entries;

namespace Granary.Store.Tests.Histories;

/// <summary>What the checker accepts and what it does not.</summary>
public sealed class HistoryCheckerTests
{
    [Fact]
    public void Empty_IsAccepted() => Assert.True(HistoryChecker.IsLinearizable([], mayVanish: false));

    [Fact]
    public void Read_OfWhatWasSetBefore_IsAccepted() => Accepts(Set("a", 1, 1, 2), Get("a", 1, 3, 4));

    [Fact]
    public void Read_OfAnotherValue_IsNot() => Refuses(Set("a", 1, 1, 2), Get("b", 1, 3, 4));

    [Fact]
    public void Read_OfAnotherCas_IsNot() => Refuses(Set("a", 1, 1, 2), Get("a", 2, 3, 4));

    [Fact]
    public void Read_OfWhatIsBeingSet_MayFindItOrNot()
    {
        Accepts(Set("a", 1, 1, 4), Get("a", 1, 2, 3));
        Accepts(Set("a", 1, 1, 4), Missed(2, 3));
    }

    [Fact]
    public void Read_BeforeTheSetHasBegun_CannotFindIt() => Refuses(Get("a", 1, 1, 2), Set("a", 1, 3, 4));

    [Fact]
    public void Reads_ThatGoBackInTime_AreNotAccepted() =>
        Refuses(Set("a", 1, 1, 2), Set("b", 2, 3, 8), Get("b", 2, 4, 5), Get("a", 1, 6, 7));

    [Fact]
    public void Miss_OfWhatNobodyHasDeleted_IsAnEviction()
    {
        HistoryOperation[] history = [Set("a", 1, 1, 2), Missed(3, 4)];

        Assert.False(HistoryChecker.IsLinearizable(history, mayVanish: false));
        Assert.True(HistoryChecker.IsLinearizable(history, mayVanish: true));
    }

    [Fact]
    public void Read_AfterAnEviction_FindsNothingOld()
    {
        HistoryOperation[] history = [Set("a", 1, 1, 2), Missed(3, 4), Get("a", 1, 5, 6)];

        Assert.False(HistoryChecker.IsLinearizable(history, mayVanish: true));
    }

    [Fact]
    public void Increments_ThatGetTheSameNumber_AreNotAccepted()
    {
        Accepts(Set("1", 1, 1, 2), Increment("2", 2, 3, 6), Increment("3", 3, 4, 5));
        Accepts(Set("1", 1, 1, 2), Increment("3", 3, 3, 6), Increment("2", 2, 4, 5));
        Refuses(Set("1", 1, 1, 2), Increment("2", 2, 3, 6), Increment("2", 3, 4, 5));
    }

    [Fact]
    public void Appends_BothCount()
    {
        Accepts(Set("a", 1, 1, 2), Append("b", 2, 3, 6), Append("c", 3, 4, 5), Get("acb", 2, 7, 8));
        Refuses(Set("a", 1, 1, 2), Append("b", 2, 3, 6), Append("c", 3, 4, 5), Get("ac", 3, 7, 8));
    }

    [Fact]
    public void CompareAndSets_OfTheSameCas_CannotBothSucceed()
    {
        Accepts(Set("a", 1, 1, 2), Compared("b", 1, StoreResult.Success, 2, 3, 6), Compared("c", 1, StoreResult.Exists, 0, 4, 5));
        Refuses(Set("a", 1, 1, 2), Compared("b", 1, StoreResult.Success, 2, 3, 6), Compared("c", 1, StoreResult.Success, 3, 4, 5));
    }

    [Fact]
    public void Deletions_OfOneEntry_CannotBothSucceed()
    {
        Accepts(Set("a", 1, 1, 2), Deleted(StoreResult.Success, 3, 6), Deleted(StoreResult.NotFound, 4, 5));
        Refuses(Set("a", 1, 1, 2), Deleted(StoreResult.Success, 3, 6), Deleted(StoreResult.Success, 4, 5));
    }

    [Fact]
    public void History_OfMoreThanCanBeChecked_IsRefused()
    {
        IEnumerable<HistoryOperation> history = Enumerable.Range(0, HistoryChecker.MaxOperations + 1)
            .Select(static number => Missed(2 * number, (2 * number) + 1));

        Assert.Throws<ArgumentOutOfRangeException>(() => HistoryChecker.IsLinearizable(history, mayVanish: false));
        Assert.True(HistoryChecker.IsLinearizable(history.Skip(1), mayVanish: false));
    }

    private static void Accepts(params HistoryOperation[] history) =>
        Assert.True(HistoryChecker.IsLinearizable(history, mayVanish: false));

    private static void Refuses(params HistoryOperation[] history) =>
        Assert.False(HistoryChecker.IsLinearizable(history, mayVanish: false));

    private static HistoryOperation Set(string value, ulong cas, long start, long end) =>
        new(HistoryCommand.Set, value, 0, StoreResult.Success, null, cas, start, end);

    private static HistoryOperation Get(string value, ulong cas, long start, long end) =>
        new(HistoryCommand.Get, "", 0, StoreResult.Success, value, cas, start, end);

    private static HistoryOperation Missed(long start, long end) =>
        new(HistoryCommand.Get, "", 0, StoreResult.NotFound, null, 0, start, end);

    private static HistoryOperation Increment(string value, ulong cas, long start, long end) =>
        new(HistoryCommand.Increment, "", 0, StoreResult.Success, value, cas, start, end);

    private static HistoryOperation Append(string value, ulong cas, long start, long end) =>
        new(HistoryCommand.Append, value, 0, StoreResult.Success, null, cas, start, end);

    private static HistoryOperation Compared(string value, ulong compare, StoreResult result, ulong cas, long start, long end) =>
        new(HistoryCommand.CompareAndSet, value, compare, result, null, cas, start, end);

    private static HistoryOperation Deleted(StoreResult result, long start, long end) =>
        new(HistoryCommand.Delete, "", 0, result, null, 0, start, end);
}
