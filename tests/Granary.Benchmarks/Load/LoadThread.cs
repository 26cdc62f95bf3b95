using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Load;

/// <summary>One thread that serves its connections until told to stop.</summary>
/// <remarks>
/// Its loop is wait, receive and check, send: three system calls per batch, nothing allocated, nothing formatted.
/// It blocks instead of spinning, so that a server pays for waking its client as it would outside a benchmark; at a rate of its
/// own it spins, to be on time.
/// </remarks>
internal sealed class LoadThread
{
    private const int WaitMilliseconds = 100; // how late a stop is noticed when the server has fallen silent

    private readonly LoadConnection[] _connections;
    private readonly int? _serverCpu;
    private readonly long _interval; // between the starts of two batches, in ticks; 0 for none
    private readonly Queue<int> _resting = new(); // connections that wait for their next batch to be due
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _completed;
    private volatile bool _isRecording;
    private volatile bool _isStopping;

    /// <param name="connections">Its connections.</param>
    /// <param name="serverCpu">A core it keeps away from.</param>
    /// <param name="batchesPerSecond">How many it starts; <see langword="null"/>: each when the one before is answered.</param>
    public LoadThread(LoadConnection[] connections, int? serverCpu, double? batchesPerSecond)
    {
        _connections = connections;
        _serverCpu = serverCpu;
        _interval = batchesPerSecond is { } rate ? (long)(Stopwatch.Frequency / rate) : 0;
    }

    /// <summary>Completes when the thread has ended; fails with what ended it early.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Operations answered so far. Any thread.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>What was recorded of keys that the asked server holds; to be read after <see cref="Ended"/>.</summary>
    public LatencyHistogram Local { get; } = new();

    /// <summary>What was recorded of keys that it had to forward; to be read after <see cref="Ended"/>.</summary>
    public LatencyHistogram Forwarded { get; } = new();

    public void Start() => new Thread(Run) { IsBackground = true, Name = "load" }.Start();

    public void StartRecording() => _isRecording = true;

    public void Stop() => _isStopping = true;

    private void Run()
    {
        try
        {
            KeepOffServerCpu();
            Serve();
            _ended.SetResult();
        }
        catch (Exception error) // the edge of the thread: whoever waits for its end gets it
        {
            _ended.SetException(error);
        }
    }

    private void Serve()
    {
        using var epoll = new Epoll(_connections.Length);
        for (int i = 0; i < _connections.Length; i++)
        {
            epoll.Watch(_connections[i].Descriptor, i);
            Rest(epoll, i);
        }

        long due = Stopwatch.GetTimestamp();
        while (!_isStopping)
        {
            for (long now = Stopwatch.GetTimestamp(); due <= now && _resting.TryDequeue(out int index); due += _interval)
            {
                Start(epoll, index, due);
            }

            int ready = epoll.Wait(_interval == 0 ? WaitMilliseconds : 0);
            for (int i = 0; i < ready; i++)
            {
                Serve(epoll, epoll.Token(i));
            }
        }
    }

    private void Serve(Epoll epoll, int index)
    {
        LoadConnection connection = _connections[index];
        bool hadUnsent = connection.HasUnsent;
        if (hadUnsent)
        {
            connection.Send();
        }

        ReplyCount replies = connection.Receive();
        if (replies.Total > 0)
        {
            Volatile.Write(ref _completed, _completed + replies.Total);
            if (_isRecording)
            {
                long ticks = Stopwatch.GetTimestamp() - connection.SentAt;
                Local.Record(ticks, replies.Local);
                Forwarded.Record(ticks, replies.Forwarded);
            }
        }

        UpdateInterest(epoll, index, hadUnsent);
        if (connection.IsAnswered)
        {
            Rest(epoll, index);
        }
    }

    private void Rest(Epoll epoll, int index)
    {
        if (_interval == 0)
        {
            Start(epoll, index, Stopwatch.GetTimestamp());
        }
        else
        {
            _resting.Enqueue(index);
        }
    }

    private void Start(Epoll epoll, int index, long at)
    {
        bool hadUnsent = _connections[index].HasUnsent;
        _connections[index].StartBatch(at);
        UpdateInterest(epoll, index, hadUnsent);
    }

    private void UpdateInterest(Epoll epoll, int index, bool hadUnsent)
    {
        LoadConnection connection = _connections[index];
        if (connection.HasUnsent != hadUnsent)
        {
            epoll.WatchWrites(connection.Descriptor, index, connection.HasUnsent);
        }
    }

    private void KeepOffServerCpu()
    {
        if (_serverCpu is not { } cpu)
        {
            return;
        }

        // 1024 bits, glibc's cpu_set_t; the kernel ignores cores it does not have.
        Span<ulong> mask = stackalloc ulong[16];
        mask.Fill(ulong.MaxValue);
        mask[cpu / 64] &= ~(1UL << (cpu % 64));
        if (Libc.SetAffinity(0, mask.Length * sizeof(ulong), in mask[0]) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
