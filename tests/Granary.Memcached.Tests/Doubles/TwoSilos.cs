using System.Runtime.InteropServices;
using System.Text;
using Granary.Cache;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Routing;
using Granary.Cache.Services;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A client's conversation with a silo whose one shard another silo holds, or has a replica of.</summary>
internal sealed class TwoSilos : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SemaphoreSlim _resumed = new(0);
    private readonly CacheStore _elsewhere;
    private readonly TestSilo _silo;
    private readonly Session _session;
    private readonly OutputBuffer _output = new();
    private readonly List<byte> _input = [];

    private TwoSilos(bool hasGates = false, bool hasHotCopies = false, GatewayOptions? options = null)
    {
        _elsewhere = TestStore.Create(_time);
        ShardRegistry registry = TestShards.Create(_elsewhere, _time);
        registry[0].OpenAlone();
        var transfers = new TransferTable(
            registry, new ChangeWaits(registry, static () => { }, new OperationTimes(_time), _time), _time);
        Other = new FakePeer(TestShards.Other, _elsewhere) { Transfers = transfers };
        Teller = new ChangeTeller(_elsewhere);
        Other.Watch = Teller.WatchAsync;
        _silo = new TestSilo(
            _time,
            Other,
            Other,
            hasGates,
            hasHotCopies: hasHotCopies,
            namespaces: [new StoreNamespace("k", "k"u8.ToArray(), 0)]);
        var cache = new LocalCache(
            _silo.Registry,
            _silo.Router,
            _silo.View,
            new PagedValues(
                _silo.Registry, _silo.Router, _silo.View, new TransferTable(_silo.Registry, _silo.Waits, _time)),
            new ClusterFlush(
                _silo.Registry,
                new AllShards(_silo.Registry, _silo.View, _time),
                new ClusterEvents(_silo.View, _silo, _time)),
            new ClusterDrop(
                new AllShards(_silo.Registry, _silo.View, _time), new LocalDrops(_silo.Registry, _silo.Waits), _silo.Lease),
            _silo.Waits,
            new OutgoingCopies(_silo.Registry, ReplicaMode.None, _time),
            _silo.Lease,
            readiness: null!,
            _silo.Reach,
            new ClockComparison(_silo.Store, static _ => false, _time, NullLogger<ClockComparison>.Instance),
            _silo.Times,
            _time,
            _silo.HotReads);
        _silo.Lease.Renew(_time.GetTimestamp());
        UserFile? users = options?.UserFile is { } path ? new UserFile(path, _time, NullLogger.Instance) : null;
        users?.Load();
        Gateway = new GatewayState(cache, options ?? new GatewayOptions(), _time) { Users = users };
        Counters = Gateway.AddCounters();
        _session = new Session(Gateway, Counters, () => _resumed.Release());
    }

    /// <summary>The other silo.</summary>
    public FakePeer Other { get; }

    /// <summary>Tells of the other silo's changes.</summary>
    public ChangeTeller Teller { get; }

    public GatewayState Gateway { get; }

    public GatewayCounters Counters { get; }

    /// <summary>Reads that were answered by copies here.</summary>
    public long HotCopyHits => _silo.HotReads!.Hits;

    /// <summary>The entries of the shard, where it is.</summary>
    public CacheStore Store => _silo.Store.IsOpen(0) ? _silo.Store : _elsewhere;

    /// <summary>The shard is at the other silo.</summary>
    public static Task<TwoSilos> WithTheShardElsewhereAsync() => WithTheShardElsewhereAsync(new TwoSilos());

    /// <summary>The shard is at the other silo, and this one keeps copies of what is read often.</summary>
    public static Task<TwoSilos> WithHotCopiesAsync() => WithTheShardElsewhereAsync(new TwoSilos(hasHotCopies: true));

    /// <summary>The shard is at the other silo, and the client may be a user who has the keys that begin with k.</summary>
    public static Task<TwoSilos> WithAUserAsync(string userFile, string user, bool mayWrite)
    {
        var options = new GatewayOptions
        {
            UserFile = userFile,
            Access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal)
            {
                [user] = [new NamespaceGrant("k", mayWrite)],
            },
        };
        return WithTheShardElsewhereAsync(new TwoSilos(options: options));
    }

    /// <summary>The shard is here, and its changes wait for a replica until <see cref="Replicate"/>.</summary>
    public static async Task<TwoSilos> WithAReplicaAsync()
    {
        var silos = new TwoSilos(hasGates: true);
        await silos._silo.SeeBothAsync();
        silos._silo.Registry[0].OpenAlone();
        silos._silo.Registry[0].Gate.Require(0);
        return silos;
    }

    /// <summary>The replica has all changes.</summary>
    public void Replicate() => _silo.Registry[0].Gate.Require(_silo.Store.ChangesOf(0));

    /// <summary>The replica is silent for longer than anybody waits.</summary>
    public void GiveUp()
    {
        _time.Advance(TimeSpan.FromSeconds(4));
        _silo.Lease.Renew(_time.GetTimestamp());
        _silo.Registry[0].Gate.Expire();
    }

    /// <summary>Sends bytes, one a character; bars are line ends, in both directions.</summary>
    /// <returns>What is answered when all that was sent is done with.</returns>
    public async Task<string> AskAsync(string text, Action? whenSuspended = null)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal));
        string answers = await AskAsync(bytes, whenSuspended);
        return answers.Replace("\r\n", "|", StringComparison.Ordinal);
    }

    /// <summary>Sends bytes.</summary>
    /// <returns>What is answered when all that was sent is done with: one a character.</returns>
    public async Task<string> AskAsync(byte[] bytes, Action? whenSuspended = null)
    {
        _input.AddRange(bytes);
        var answers = new StringBuilder();
        while (true)
        {
            SessionStatus status = Process(answers);
            if (status is SessionStatus.NeedInput or SessionStatus.Close)
            {
                return answers.ToString();
            }

            Assert.Contains(status, new[] { SessionStatus.OutputFull, SessionStatus.Suspended });
            if (status == SessionStatus.Suspended)
            {
                whenSuspended?.Invoke();
                Assert.True(
                    await _resumed.WaitAsync(Deadline, TestContext.Current.CancellationToken), $"No answer to {Encoding.Latin1.GetString(bytes)}");
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _silo.Dispose();
        Teller.Dispose();
        _elsewhere.Dispose();
        _resumed.Dispose();
    }

    private static async Task<TwoSilos> WithTheShardElsewhereAsync(TwoSilos silos)
    {
        await silos._silo.SeeBothAsync();
        silos._silo.Registry[0].Announce(TestShards.Other, 1);
        return silos;
    }

    private SessionStatus Process(StringBuilder answers)
    {
        SessionStatus status = _session.Process(CollectionsMarshal.AsSpan(_input), _output, out int consumed);
        _input.RemoveRange(0, consumed);
        answers.Append(Encoding.Latin1.GetString(_output.Written));
        _output.Clear();
        return status;
    }
}
