using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>One server under churn, and what is seen of it meanwhile.</summary>
internal sealed class ChurnSubject
{
    private const int Writers = 4;
    private const int Readers = 2;

    // How exactly the time of a halving is known.
    private static readonly TimeSpan LimitPeriod = TimeSpan.FromMilliseconds(50);

    private readonly ChurnWorker[] _writers;
    private readonly ChurnWorker[] _readers;
    private readonly string[] _names;
    private long _fullCollectionsBefore = -1;

    public ChurnSubject(RunningPeer server, ChurnSettings settings)
    {
        Server = server;
        var values = new ChurnValues(settings.MaxValueBytes);
        var keys = new ChurnKeys(settings.Window);
        double half = settings.Rate / 2.0;
        _writers = [.. Enumerable.Range(0, Writers).Select(seed => new ChurnWorker(keys, values, half / Writers, seed))];
        _readers = [.. Enumerable.Range(Writers, Readers).Select(seed => new ChurnWorker(keys, values, half / Readers, seed))];

        // Granary says what its entries and their index take of its budget; memcached counts the bytes of its items.
        _names = IsGranary
            ? ["limit_maxbytes", "granary_used_bytes", "evictions", "reclaimed", "granary_gen2_collections"]
            : ["limit_maxbytes", "bytes", "evictions", "reclaimed"];
    }

    public RunningPeer Server { get; }

    /// <summary>The most that was seen of its data, as a part of what it may have.</summary>
    public double GreatestShare { get; private set; }

    /// <summary>The most that was resident of the process. Bytes.</summary>
    public long GreatestResident { get; private set; }

    /// <summary>Since it counts; -1 of a server that has none.</summary>
    public long FullCollections { get; private set; } = -1;

    public long Evictions { get; private set; }

    public long Expirations { get; private set; }

    public Task Ended => Task.WhenAny(Workers.Select(static worker => worker.Ended)).Unwrap();

    public long Operations => Workers.Sum(static worker => worker.Operations);

    public double HitRatio => _readers.Sum(static reader => (double)reader.Hits) / _readers.Sum(static reader => reader.Recorded);

    public LatencyHistogram Gets => Sum(_readers);

    public LatencyHistogram Sets => Sum(_writers);

    private bool IsGranary => Server.SiloName is not null;

    private IEnumerable<ChurnWorker> Workers => _writers.Concat(_readers);

    public void Start()
    {
        Array.ForEach(_writers, writer => writer.Start(Server.EndPoint, writes: true));
        Array.ForEach(_readers, reader => reader.Start(Server.EndPoint, writes: false));
    }

    /// <summary>Whether what the workers do counts from now on.</summary>
    public void Record(bool isRecording)
    {
        _fullCollectionsBefore = isRecording ? -1 : _fullCollectionsBefore;
        foreach (ChurnWorker worker in Workers)
        {
            worker.Record(isRecording);
        }
    }

    public async Task StopAsync()
    {
        foreach (ChurnWorker worker in Workers)
        {
            worker.Stop();
        }

        await Task.WhenAll(Workers.Select(static worker => worker.Ended));
    }

    /// <summary>Reads its statistics.</summary>
    /// <returns>What its data takes of what it may have: 1 for all of it.</returns>
    public async Task<double> LookAsync(CancellationToken cancellationToken)
    {
        long[] seen = await MemcachedStatistics.ReadAsync(Server.EndPoint, _names, cancellationToken);
        double share = (double)seen[1] / seen[0];
        Evictions = seen[2];
        Expirations = seen[3];
        GreatestResident = Math.Max(GreatestResident, ProcessTree.Read([Server.ProcessId!.Value]).MemoryBytes);
        if (IsGranary)
        {
            _fullCollectionsBefore = _fullCollectionsBefore < 0 ? seen[4] : _fullCollectionsBefore;
            FullCollections = seen[4] - _fullCollectionsBefore;
        }

        return share;
    }

    /// <summary>As <see cref="LookAsync"/>, for the greatest share.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken) =>
        GreatestShare = Math.Max(GreatestShare, await LookAsync(cancellationToken));

    /// <summary>Tells it to get along with less, and waits until its data takes no more than that.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="PeerException">It does not let itself be told.</exception>
    public async Task<TimeSpan> LimitAsync(int mebibytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string answer = await AskAsync(Server.EndPoint, $"cache_memlimit {mebibytes}\r\n", cancellationToken);
        if (answer != "OK")
        {
            throw new PeerException($"{Server.Name} answers cache_memlimit {mebibytes} with {answer}.");
        }

        while (await LookAsync(cancellationToken) > 1 && Stopwatch.GetElapsedTime(start) < patience)
        {
            await Task.Delay(LimitPeriod, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<string> AskAsync(IPEndPoint server, string line, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, cancellationToken);
        await using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line), cancellationToken);
        return await reader.ReadLineAsync(cancellationToken) ?? "";
    }

    private static LatencyHistogram Sum(ChurnWorker[] workers)
    {
        var sum = new LatencyHistogram();
        Array.ForEach(workers, worker => sum.Add(worker.Latency));
        return sum;
    }
}
