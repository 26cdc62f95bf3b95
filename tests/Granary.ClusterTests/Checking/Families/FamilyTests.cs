using System.Text;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Doubles;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Each family on a cache that is right finds nothing; on one that is wrong it finds just that.</summary>
public sealed class FamilyTests
{
    private const int Keys = 8;
    private const int When = 100; // operation at which a cache errs that does so once: well within the run

    private static readonly Dictionary<string, Func<RunClock, IKeyFamily>> All = new(StringComparer.Ordinal)
    {
        ["registers"] = clock => new RegisterFamily(Keys, clock),
        ["counters"] = clock => new CounterFamily(Keys, clock),
        ["lists"] = clock => new ListFamily(Keys, clock),
        ["cas"] = clock => new SwapFamily(Keys, clock),
        ["locks"] = clock => new LockFamily(Keys, clock),
        ["expiring"] = clock => new ExpiringFamily(Keys, clock),
        ["cold"] = clock => new ColdFamily(mebibytes: 1, clock),
    };

    public static TheoryData<string> Families => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Family_OfARightCache_FindsNothingAsync(string family)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, _) => cache.Execute(operation));

        AssertOnly(tally);
        Assert.True(tally.Acknowledged > 100, $"Only {tally.Acknowledged} changes were acknowledged.");
    }

    // Every tenth change is refused and not applied, every tenth has an unknown outcome and is applied or not.
    [Theory]
    [MemberData(nameof(Families))]
    public async Task Family_OfACacheThatRefusesAndDoesNotKnow_FindsNothingAsync(string family)
    {
        var random = new Random(11);
        FamilyTally tally = await RunAsync(family, (cache, operation, _) => random.Next(20) switch
        {
            0 or 1 => Reply.Refused(ErrorKind.ServerError, "refused"),
            2 => Unknown(cache.Execute(operation)),
            3 => Unknown(default),
            _ => cache.Execute(operation),
        });

        AssertOnly(tally);
        Assert.True(family == "cold" || tally.Unknown > 10, $"Only {tally.Unknown} outcomes were unknown.");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Family_OfACacheThatLosesEverythingOnce_FindsItLostAsync(string family)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, number) =>
        {
            if (number == When)
            {
                cache.Entries.Clear();
            }

            return cache.Execute(operation);
        });

        AssertOnly(tally, Anomaly.Lost);
        Assert.NotEmpty(tally.LostKeys);
    }

    // What is acknowledged and not done. In a lock it is the delete that matters: the entry comes back.
    [Theory]
    [InlineData("registers", OperationKind.Set, Anomaly.Lost, Anomaly.Stale)]
    [InlineData("registers", OperationKind.Delete, Anomaly.Stale)]
    [InlineData("counters", OperationKind.Increment, Anomaly.Lost)]
    [InlineData("lists", OperationKind.Append, Anomaly.Lost)]
    [InlineData("cas", OperationKind.CompareAndSet, Anomaly.Lost, Anomaly.Stale, Anomaly.Doubled)]
    [InlineData("locks", OperationKind.Add, Anomaly.Lost)]
    [InlineData("locks", OperationKind.Delete, Anomaly.Stale)]
    [InlineData("expiring", OperationKind.Set, Anomaly.Lost)]
    [InlineData("expiring", OperationKind.Touch, Anomaly.Lost, Anomaly.Stale)]
    internal async Task Family_OfACacheThatAcknowledgesWhatItDoesNotDo_FindsItAsync(
        string family, OperationKind kind, params Anomaly[] anomalies)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, number) =>
        {
            FakeEntry? before = cache.Entries.GetValueOrDefault(FakeCache.NameOf(operation));
            Reply reply = cache.Execute(operation);
            if (operation.Kind == kind && number % 3 == 0 && reply.Answer == Answer.Done)
            {
                Restore(cache, operation, before);
            }

            return reply;
        });

        AssertOnly(tally, anomalies);
    }

    [Theory]
    [InlineData("counters", OperationKind.Increment)]
    [InlineData("lists", OperationKind.Append)]
    internal async Task Family_OfACacheThatAppliesTwice_FindsItDoubledAsync(string family, OperationKind kind)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, number) =>
        {
            if (operation.Kind == kind && number % 20 == 0)
            {
                cache.Execute(operation);
            }

            return cache.Execute(operation);
        });

        AssertOnly(tally, Anomaly.Doubled);
    }

    // A refused change must not be there: it may be repeated by who asked for it.
    [Theory]
    [InlineData("registers", Anomaly.Wrong)]
    [InlineData("counters", Anomaly.Doubled)]
    [InlineData("lists", Anomaly.Wrong)]
    [InlineData("cas", Anomaly.Doubled)]
    [InlineData("locks", Anomaly.Stale)]
    internal async Task Family_OfACacheThatRefusesWhatItDoes_FindsItAsync(string family, Anomaly anomaly)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, number) =>
        {
            Reply reply = cache.Execute(operation);
            bool lies = number % 10 == 0 && operation.Kind is not OperationKind.Get and not OperationKind.Delete;
            return lies ? Reply.Refused(ErrorKind.ServerError, "refused") : reply;
        });

        AssertOnly(tally, anomaly);
    }

    [Theory]
    [InlineData("registers", Anomaly.Stale)]
    [InlineData("lists", Anomaly.Lost)]
    [InlineData("cas", Anomaly.Lost, Anomaly.Stale)]
    internal async Task Family_OfACacheWithOldAnswers_FindsThemAsync(string family, params Anomaly[] anomalies)
    {
        Dictionary<string, Reply> old = new(StringComparer.Ordinal);
        FamilyTally tally = await RunAsync(family, (cache, operation, number) =>
        {
            Reply reply = cache.Execute(operation);
            if (operation.Kind != OperationKind.Get || reply.Answer != Answer.Done)
            {
                return reply;
            }

            return number > When && number % 7 == 0 && old.TryGetValue(FakeCache.NameOf(operation), out Reply former)
                ? former
                : old[FakeCache.NameOf(operation)] = reply;
        });

        AssertOnly(tally, anomalies);
    }

    [Theory]
    [InlineData("registers")]
    [InlineData("counters")]
    [InlineData("lists")]
    [InlineData("cas")]
    [InlineData("expiring")]
    [InlineData("cold")]
    public async Task Family_OfACacheThatConfusesValues_FindsThemWrongAsync(string family)
    {
        FamilyTally tally = await RunAsync(family, (cache, operation, _) =>
        {
            Reply reply = cache.Execute(operation);
            return operation.Kind == OperationKind.Get && reply.Answer == Answer.Done
                ? reply with { Value = Encoding.ASCII.GetBytes("another value") }
                : reply;
        });

        AssertOnly(tally, Anomaly.Wrong);
    }

    [Fact]
    public async Task Expiring_OfACacheThatExpiresNothing_FindsItStaleAsync()
    {
        FamilyTally tally = await RunAsync(
            "expiring", (cache, operation, _) => cache.Execute(operation with { LifetimeSeconds = 0 }));

        AssertOnly(tally, Anomaly.Stale);
    }

    [Fact]
    public async Task Expiring_OfACacheThatExpiresEarly_FindsItLostAsync()
    {
        FamilyTally tally = await RunAsync(
            "expiring", (cache, operation, _) => cache.Execute(operation with { LifetimeSeconds = 1 }));

        AssertOnly(tally, Anomaly.Lost);
    }

    [Fact]
    public async Task Expiring_OfACacheThatForgetsFlagsOrCas_FindsItWrongAsync()
    {
        FamilyTally flags = await RunAsync(
            "expiring", (cache, operation, _) => cache.Execute(operation) with { Flags = 0 });
        FamilyTally cas = await RunAsync(
            "expiring", (cache, operation, number) => cache.Execute(operation) with { Cas = (ulong)number });

        AssertOnly(flags, Anomaly.Wrong);
        AssertOnly(cas, Anomaly.Wrong);
    }

    private static Task<FamilyTally> RunAsync(string family, Func<FakeCache, Operation, int, Reply> execute) =>
        FamilyDrive.RunAsync(All[family], execute);

    private static Reply Unknown(Reply applied) =>
        Reply.Unknown(ErrorKind.Unanswered, applied.Answer == Answer.None ? "not applied" : "applied");

    private static void Restore(FakeCache cache, in Operation operation, FakeEntry? before)
    {
        if (before is null)
        {
            cache.Entries.Remove(FakeCache.NameOf(operation));
        }
        else
        {
            cache.Entries[FakeCache.NameOf(operation)] = before;
        }
    }

    // Anything else would be a finding that is none; each of those named must be there.
    private static void AssertOnly(FamilyTally tally, params Anomaly[] anomalies)
    {
        Anomaly[] found = [.. Enum.GetValues<Anomaly>().Where(anomaly => tally[anomaly] > 0)];
        Assert.True(
            found.SequenceEqual(anomalies.Order()),
            $"[{string.Join(' ', found)}] instead of [{string.Join(' ', anomalies)}]:\n"
            + string.Join('\n', tally.Findings));
    }
}
