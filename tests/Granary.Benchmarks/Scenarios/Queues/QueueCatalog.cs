using Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;
using Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;
using Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;
using Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;
using Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;
using Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;
using Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>All queues that can be measured. One is added by an entry here.</summary>
internal static class QueueCatalog
{
    public static IReadOnlyList<IQueuePeer> All { get; } =
    [
        new GranaryPeer(),
        new GranaryPeer(usesPostgreSql: true),
        new RabbitMqPeer(),
        new NatsPeer(),
        new RedisPeer(),
        new BeanstalkdPeer(),
        new PostgreSqlPeer(),
        new GranaryStreamPeer(),
        new MemoryStreamPeer(),
    ];

    public static IEnumerable<string> Names => All.Select(peer => peer.Name);
}
