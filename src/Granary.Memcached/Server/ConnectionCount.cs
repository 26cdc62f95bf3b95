namespace Granary.Memcached.Server;

/// <summary>How many connections there are, and what becomes of one too many. Thread-safe.</summary>
/// <param name="max">Most at the same time.</param>
/// <param name="waits">
/// Whether one too many waits to be accepted; else it is refused. Where several listeners wait, each may let one in that has
/// come at the same moment.
/// </param>
/// <param name="time">For how long it was full.</param>
internal sealed class ConnectionCount(int max, bool waits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private long _fullSince;
    private int _present;
    private long _total;
    private long _refused;
    private long _timesFull;
    private TimeSpan _timeFull;

    public int Present => Volatile.Read(ref _present);

    public long Total => Volatile.Read(ref _total);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whether new ones are accepted, be it to be refused: memcached's <c>accepting_conns</c>.</summary>
    public bool IsAccepting
    {
        get
        {
            lock (_lock)
            {
                return _room is null;
            }
        }
    }

    /// <summary>How often nothing was accepted because there were too many: memcached's <c>listen_disabled_num</c>.</summary>
    public long TimesFull => Volatile.Read(ref _timesFull);

    /// <summary>And for how long, in all.</summary>
    public TimeSpan TimeFull
    {
        get
        {
            lock (_lock)
            {
                return _room is null ? _timeFull : _timeFull + time.GetElapsedTime(_fullSince);
            }
        }
    }

    /// <summary>Completes when the next connection may be accepted.</summary>
    public Task RoomAsync()
    {
        lock (_lock)
        {
            if (!waits || _present < max)
            {
                return Task.CompletedTask;
            }

            if (_room is null)
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _fullSince = time.GetTimestamp();
                _timesFull++;
            }

            return _room.Task;
        }
    }

    /// <summary>Counts a connection that was accepted.</summary>
    /// <returns><see langword="false"/> if it is to be refused.</returns>
    public bool TryAdd()
    {
        lock (_lock)
        {
            if (!waits && _present >= max)
            {
                _refused++;
                return false;
            }

            _present++;
            _total++;
            return true;
        }
    }

    /// <summary>One has ended.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _present--;
            if (_room is not null && _present < max)
            {
                _timeFull += time.GetElapsedTime(_fullSince);
                _room.SetResult();
                _room = null;
            }
        }
    }
}
