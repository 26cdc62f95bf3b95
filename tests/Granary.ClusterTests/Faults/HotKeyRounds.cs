using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>
/// One key that is written again and again through each silo in turn, and read through all of them as fast as it goes. Whoever
/// writes reads what he has written; whoever reads sees no value after a newer one; and no value is older than the bound.
/// </summary>
internal sealed class HotKeyRounds : IAsyncDisposable
{
    private const int ReadersPerSilo = 2;

    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly SiloProcess[] _silos;
    private readonly string _key;
    private readonly TimeSpan _bound;
    private readonly List<TimeSpan> _written = []; // when each value was acknowledged
    private readonly List<string> _anomalies = [];
    private readonly List<double> _ages = []; // of what was read, when it was not the newest; milliseconds
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _running;
    private readonly int _first;
    private int _reads;

    /// <param name="silos">That are written and read through.</param>
    /// <param name="key">The key; its value is a number.</param>
    /// <param name="bound">How long an old value may be read after a newer one was acknowledged.</param>
    /// <param name="first">A number above all that it had before.</param>
    public HotKeyRounds(SiloProcess[] silos, string key, TimeSpan bound, int first = 0)
    {
        _silos = silos;
        _key = key;
        _bound = bound;
        _first = first;
        _running = Task.WhenAll(
            [Task.Run(WriteAsync), .. silos.SelectMany(silo => Enumerable.Range(0, ReadersPerSilo).Select(_ => Task.Run(() => ReadAsync(silo))))]);
    }

    /// <summary>The number after the last.</summary>
    public int Next => _first + _written.Count;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Ends them.</summary>
    public async Task AssertAsync(ITestOutputHelper output)
    {
        await _end.CancelAsync();
        await _running;
        _ages.Sort();
        output.WriteLine(_ages.Count == 0
            ? $"{_written.Count} values were written, {_reads} read, every one the newest."
            : $"{_written.Count} values were written, {_reads} read, {_ages.Count} of them old: median "
                + $"{_ages[_ages.Count / 2]:F1} ms, at most {_ages[^1]:F1} ms.");
        Assert.Empty(_anomalies);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        var connections = new MemcachedConnection?[_silos.Length];
        for (int round = 0; !_end.IsCancellationRequested; round++)
        {
            int turn = round % _silos.Length;
            try
            {
                connections[turn] ??= await MemcachedConnection.OpenAsync(_silos[turn].Memcached);
                await WriteAsync(connections[turn]!, Next);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                connections[turn]?.Dispose();
                connections[turn] = null;
            }

            await Task.Delay(WritePause);
        }

        Array.ForEach(connections, static connection => connection?.Dispose());
    }

    // Nobody else writes. A silo that dies may answer with an error, or take the value with it.
    private async Task WriteAsync(MemcachedConnection connection, int number)
    {
        if (await connection.SetAsync(_key, number.ToString(CultureInfo.InvariantCulture)) != "STORED")
        {
            return;
        }

        lock (_written)
        {
            _written.Add(_clock.Elapsed);
        }

        if (await GetAsync(connection) is { } found && found != number)
        {
            Note($"{found} was read where {number} was written.");
        }
    }

    private async Task ReadAsync(SiloProcess silo)
    {
        int newest = 0;
        MemcachedConnection? connection = null;
        while (!_end.IsCancellationRequested)
        {
            TimeSpan begun = _clock.Elapsed;
            try
            {
                connection ??= await MemcachedConnection.OpenAsync(silo.Memcached);
                if (await GetAsync(connection) is { } found)
                {
                    newest = Check(silo, found, newest, begun);
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                connection?.Dispose();
                connection = null;
            }

            await Task.Delay(ReadPause);
        }

        connection?.Dispose();
    }

    private int Check(SiloProcess silo, int found, int newest, TimeSpan begun)
    {
        Interlocked.Increment(ref _reads);
        if (found < newest)
        {
            Note($"{silo.Name} has answered {found} after {newest}.");
        }

        lock (_written)
        {
            int next = Math.Max(0, found - _first + 1);
            TimeSpan age = next < _written.Count ? begun - _written[next] : TimeSpan.Zero;
            if (age > TimeSpan.Zero)
            {
                _ages.Add(age.TotalMilliseconds);
            }

            if (age > _bound)
            {
                _anomalies.Add($"{silo.Name} has answered {found} {age.TotalSeconds:F3} s after the next one was acknowledged.");
            }
        }

        return Math.Max(found, newest);
    }

    // Null on a miss, and when a silo says that it cannot answer.
    private async Task<int?> GetAsync(MemcachedConnection connection)
    {
        try
        {
            return await connection.GetAsync(_key) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private void Note(string anomaly)
    {
        lock (_written)
        {
            _anomalies.Add(anomaly);
        }
    }
}
