using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking;

/// <summary>What a workload has found. As text it is a table, with all that is needed to repeat the run.</summary>
/// <param name="Settings">Of the workload.</param>
/// <param name="Duration">Of the load as it was measured: without warm-up, and what comes before and after.</param>
/// <param name="HarnessCores">Processor cores that this process used meanwhile.</param>
/// <param name="Notes">What was done to the cluster, and when.</param>
/// <param name="Protocols">One for each.</param>
/// <param name="Families">One for each family of keys.</param>
/// <param name="Errors">The operations that failed.</param>
internal sealed record CheckReport(
    WorkloadSettings Settings,
    TimeSpan Duration,
    double HarnessCores,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ProtocolReport> Protocols,
    IReadOnlyList<FamilyTally> Families,
    ErrorLog Errors)
{
    /// <summary>Operations a second that were sent.</summary>
    public double Rate =>
        Protocols.Sum(protocol => protocol.Latencies.Count - protocol.Skipped) / Duration.TotalSeconds;

    public TimeSpan MaxPause => Families.Max(family => family.MaxPause);

    /// <summary>The entries that were lost, each time they were.</summary>
    public IEnumerable<byte[]> LostKeys => Families.SelectMany(family => family.LostKeys);

    public long Count(Anomaly anomaly) => Families.Sum(family => family[anomaly]);

    /// <summary>Fails if anything that was acknowledged is missing, old, wrong or doubled, or anything failed.</summary>
    public void AssertNothingLost() => AssertMeets(CheckExpectation.NothingLost);

    /// <summary>Fails with the whole report unless the run was as expected.</summary>
    public void AssertMeets(CheckExpectation expectation)
    {
        string[] breaches = [.. BreachesOf(expectation)];
        Assert.True(breaches.Length == 0, $"{string.Join("; ", breaches)}.\n{this}");
    }

    /// <summary>What was not as expected, a line each.</summary>
    public IEnumerable<string> BreachesOf(CheckExpectation expectation)
    {
        HashSet<Anomaly> allowed = [];
        AllowIf(expectation.MayLose, Anomaly.Lost);
        AllowIf(expectation.MayBeLate, Anomaly.Late);
        AllowIf(expectation.MayRollBack, Anomaly.RolledBack);
        foreach (Anomaly anomaly in Enum.GetValues<Anomaly>().Where(anomaly => !allowed.Contains(anomaly)))
        {
            if (Count(anomaly) > 0)
            {
                yield return FormattableString.Invariant($"{anomaly}: {Count(anomaly)}");
            }
        }

        if (Errors.Count > expectation.MaxErrors)
        {
            yield return FormattableString.Invariant($"failed operations: {Errors.Count} of {expectation.MaxErrors}");
        }

        if (MaxPause > expectation.MaxPause)
        {
            yield return FormattableString.Invariant($"a key without an answer for {MaxPause.TotalSeconds:F3} s");
        }

        void AllowIf(bool condition, Anomaly anomaly)
        {
            if (condition)
            {
                allowed.Add(anomaly);
            }
        }
    }

    public override string ToString() => CheckReportText.Write(this);
}
