using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>All families of a workload, and how the steps of its workers are shared among them.</summary>
internal sealed class KeyFamilies
{
    private readonly IKeyFamily[] _byWeight;

    public KeyFamilies(WorkloadSettings settings, RunClock clock)
    {
        // A step of cas is two operations, one of locks up to three: so each but the registers has some 12 % of them.
        (IKeyFamily Family, int Weight)[] all =
        [
            (new RegisterFamily(settings.Registers, clock), 40),
            (new CounterFamily(settings.Counters, clock), 12),
            (new ListFamily(settings.Lists, clock), 12),
            (new SwapFamily(settings.SwapRegisters, clock), 6),
            (new LockFamily(settings.Locks, clock), 5),
            (new ExpiringFamily(settings.ExpiringEntries, clock), 12),
            (new ColdFamily(settings.ColdMebibytes, clock), 0),
        ];
        All = [.. all.Select(pair => pair.Family)];
        _byWeight = [.. all.SelectMany(pair => Enumerable.Repeat(pair.Family, pair.Weight))];
    }

    public IReadOnlyList<IKeyFamily> All { get; }

    public IKeyFamily Choose(Random random) => _byWeight[random.Next(_byWeight.Length)];
}
