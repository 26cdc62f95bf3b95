namespace Granary.Queues.Logs.Sqlite;

/// <summary>
/// Whether sends are taken, and the file that is given up so that settlements can be written on a full disk. Safe.
/// </summary>
internal sealed class DiskSpace(SqliteLogOptions options)
{
    private const long CheckMilliseconds = 100;

    private readonly string _reserve = options.Path + "-reserve";
    private readonly DriveInfo _drive = new(System.IO.Path.GetFullPath(options.Path));
    private readonly Lock _lock = new();
    private long _usedBytes;
    private long _reusableBytes;
    private long _checkedAt = long.MinValue / 2;
    private bool _hasRoom = true;

    /// <summary>Looked up at most ten times a second; space that came free is noticed here.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                if (Environment.TickCount64 - _checkedAt >= CheckMilliseconds)
                {
                    Check();
                }

                return _hasRoom;
            }
        }
    }

    /// <summary>What the database holds now, and what was trimmed: its file does not shrink, but takes new rows there.</summary>
    public void Used(long bytes, long reusableBytes)
    {
        lock (_lock)
        {
            _usedBytes = bytes;
            _reusableBytes = reusableBytes;
            _hasRoom &= _usedBytes < options.MaxBytes;
        }
    }

    /// <summary>Gives the reserve to the log. False if that was done before.</summary>
    public bool TryGiveUpReserve()
    {
        lock (_lock)
        {
            _hasRoom = false;
            bool had = File.Exists(_reserve);
            File.Delete(_reserve);
            return had;
        }
    }

    private void Check()
    {
        _checkedAt = Environment.TickCount64;
        try
        {
            Look();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _hasRoom = false; // somebody else has taken the space between
        }
    }

    private void Look()
    {
        long free = _drive.AvailableFreeSpace;
        if (options.ReserveBytes > 0 && !File.Exists(_reserve) && free >= options.MinFreeBytes + options.ReserveBytes)
        {
            free -= options.ReserveBytes;
            using FileStream reserve = new(_reserve, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                PreallocationSize = options.ReserveBytes,
            });
            reserve.SetLength(options.ReserveBytes);
        }

        bool hasRoom = free + _reusableBytes >= options.MinFreeBytes && free >= options.MinFreeBytes / 4;
        _hasRoom = hasRoom && _usedBytes < options.MaxBytes;
    }
}
