using System.Net;

namespace Granary.Queues.Tests.Grains;

/// <summary>A cluster as a test wants it.</summary>
internal sealed class FakeMembers : IClusterMembers
{
    public FakeMembers(int silos) => Set(silos);

    public SiloAddress Self { get; } = SiloAt(0);

    public IReadOnlyDictionary<string, SiloAddress> Owners { get; private set; } = null!;

    public bool IsLeaving { get; set; }

    public bool MayAnswer { get; set; } = true;

    /// <summary>Whether this silo reaches the others.</summary>
    public bool IsConnected { get; set; } = true;

    public void Set(int silos) =>
        Owners = Enumerable.Range(0, silos).ToDictionary(silo => $"silo-{silo}", SiloAt, StringComparer.Ordinal);

    /// <summary>This silo leaves.</summary>
    public void Leave()
    {
        IsLeaving = true;
        Owners = Owners.Where(silo => !silo.Value.Equals(Self)).ToDictionary(StringComparer.Ordinal);
    }

    public bool Reaches(SiloAddress silo) => IsConnected;

    public ICacheSiloService ServiceOf(SiloAddress silo) => throw new NotSupportedException();

    public Task WaitForTheLostAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static SiloAddress SiloAt(int silo) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + silo), 1);
}
