using System.Net;
using Granary.Queues.Grains;

namespace Granary.Queues.Tests.Grains;

public sealed class QueueMapTests
{
    private const int Partitions = 8;

    private static readonly string[] Queues = [.. Enumerable.Range(0, 100).Select(number => $"queue-{number}")];

    [Fact]
    public void Partitions_OfOneQueue_AreSpreadEvenly()
    {
        QueueMap map = MapOf(3);

        foreach (string queue in Queues)
        {
            int[] loads = [.. OwnersOf(map, queue).CountBy(silo => silo).Select(silo => silo.Value).Order()];
            Assert.Equal([2, 3, 3], loads);
        }
    }

    [Fact]
    public void FirstPartitions_OfManyQueues_AreNotAllOnOneSilo()
    {
        QueueMap map = MapOf(3);

        int[] loads = [.. Queues.CountBy(queue => map.OwnerOf(queue, 1, 0)!).Select(silo => silo.Value)];

        Assert.Equal(3, loads.Length);
        Assert.All(loads, load => Assert.InRange(load, 20, 50));
    }

    [Fact]
    public void Silo_ThatJoins_TakesItsShareAndLittleElseMoves()
    {
        int before = CountMoves(MapOf(3), MapOf(4), out int toTheOldOnes);

        // A quarter must move; a little more because the room of the others changes (docs/decisions/0001).
        Assert.InRange(before, 200, 200 * 2);
        Assert.InRange(toTheOldOnes, 0, 200);
    }

    [Fact]
    public void Partition_ThatIsNot_OrWithoutASilo_HasNoOwner()
    {
        Assert.Null(MapOf(3).OwnerOf("queue", Partitions, Partitions));
        Assert.Null(MapOf(0).OwnerOf("queue", Partitions, 0));
    }

    private static int CountMoves(QueueMap before, QueueMap after, out int betweenOldSilos)
    {
        var moves = Queues
            .SelectMany(queue => OwnersOf(before, queue).Zip(OwnersOf(after, queue)))
            .Where(move => !move.First.Equals(move.Second))
            .ToList();
        betweenOldSilos = moves.Count(move => before.Owners.Values.Contains(move.Second));
        return moves.Count;
    }

    private static IEnumerable<SiloAddress> OwnersOf(QueueMap map, string queue) =>
        Enumerable.Range(0, Partitions).Select(index => map.OwnerOf(queue, Partitions, index)!);

    private static QueueMap MapOf(int silos) => new(Enumerable.Range(0, silos).ToDictionary(
        silo => $"silo-{silo}", silo => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + silo), 1), StringComparer.Ordinal));
}
