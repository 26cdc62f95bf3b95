using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>What a command has left to be done before the next one is read. One thread.</summary>
internal sealed class PendingWork(GatewayState gateway, GatewayCounters counters, Action resume) : IDisposable
{
    /// <summary>A long value, whose line was written and that is to be sent.</summary>
    public ValueStream? Stream { get; set; }

    /// <summary>A long value that is to be taken from the input.</summary>
    public ValueUpload? Upload { get; set; }

    /// <summary>A flush of the cluster under way.</summary>
    public Task? Flush { get; set; }

    /// <summary>A list of keys or connections that is to be sent.</summary>
    public ILongAnswer? Dump { get; set; }

    /// <summary>Events of which the client is to be told, until it goes.</summary>
    public Watcher? Watcher { get; set; }

    /// <summary>Bytes of the input to skip.</summary>
    public long SwallowBytes { get; set; }

    /// <summary>Whether the connection is to be closed once all answers are sent.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether closing the connection now would break an answer.</summary>
    public bool IsBusy => Upload is not null || Stream is not null || Flush is not null || Dump is not null;

    /// <summary>What is under way, in memcached's words for states of a connection; <see langword="null"/> for nothing.</summary>
    public string? State => this switch
    {
        { Watcher: not null } => "conn_watch",
        { Upload: not null } => "conn_nread",
        { SwallowBytes: > 0 } => "conn_swallow",
        { Stream: not null } => "conn_mwrite",
        { Flush: not null } => "conn_io_queue",
        { Dump: not null } => "conn_parse_cmd",
        _ => null,
    };

    /// <summary>Flushes the cluster, or what the caller may change of it.</summary>
    /// <param name="seconds">When, as the client says it; now for one who is confined.</param>
    /// <param name="access">What the caller is confined to.</param>
    public void BeginFlush(long seconds, KeyAccess? access)
    {
        counters.CmdFlush++;
        Flush = access is null
            ? gateway.Cache.FlushAsync(Expirations.FlushTime(seconds, gateway.Cache.Store))
            : Task.WhenAll(access.Writable.Select(gateway.Cache.DropNamespaceAsync));
        if (!Flush.IsCompleted)
        {
            Resumption.After(Flush, resume);
        }
    }

    public void EndStream()
    {
        Stream?.Dispose();
        Stream = null;
    }

    public void EndUpload()
    {
        Upload?.Dispose();
        Upload = null;
    }

    public void Dispose()
    {
        EndWatch();
        EndUpload();
        EndStream();
    }

    private void EndWatch()
    {
        if (Watcher is not null)
        {
            gateway.Watchers.Remove(Watcher);
            Watcher = null;
        }
    }
}
