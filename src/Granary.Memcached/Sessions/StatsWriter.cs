using System.Diagnostics;
using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Answers <c>stats</c>: what this gateway has done and what this silo holds, under memcached's names. Sum over the silos
/// for the cluster.
/// </summary>
internal static class StatsWriter
{
    /// <summary>Answers <c>stats</c> and <c>stats settings</c>.</summary>
    /// <returns><see langword="false"/> for a section that is not there.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> section, GatewayState gateway, OutputBuffer output)
    {
        var text = new StringBuilder();
        if (section.IsEmpty)
        {
            AddGeneral(text, gateway);
        }
        else if (section.SequenceEqual("settings"u8))
        {
            AddSettings(text, gateway);
        }
        else
        {
            return false;
        }

        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        output.Write(Reply.End);
        return true;
    }

    private static void AddGeneral(StringBuilder text, GatewayState gateway)
    {
        GatewayCounters counters = gateway.SumCounters();
        StoreStatistics store = gateway.Cache.Store.GetStatistics();
        using var process = Process.GetCurrentProcess();
        Add(text, "pid", Environment.ProcessId);
        Add(text, "uptime", (long)gateway.Time.GetElapsedTime(gateway.StartTimestamp).TotalSeconds);
        Add(text, "time", gateway.Time.GetUtcNow().ToUnixTimeSeconds());
        Add(text, "version", ServerVersion.Text);
        Add(text, "pointer_size", IntPtr.Size * 8);
        Add(text, "rusage_user", process.UserProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        Add(text, "rusage_system", process.PrivilegedProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        Add(text, "max_connections", gateway.Options.MaxConnections);
        Add(text, "curr_connections", gateway.Connections);
        Add(text, "total_connections", gateway.TotalConnections);
        Add(text, "rejected_connections", gateway.RejectedConnections);
        Add(text, "cmd_get", counters.CmdGet);
        Add(text, "cmd_set", counters.CmdSet);
        Add(text, "cmd_flush", counters.CmdFlush);
        Add(text, "cmd_touch", counters.CmdTouch);
        Add(text, "cmd_meta", counters.CmdMeta);
        Add(text, "get_hits", counters.GetHits);
        Add(text, "get_misses", counters.GetMisses);
        Add(text, "delete_misses", counters.DeleteMisses);
        Add(text, "delete_hits", counters.DeleteHits);
        Add(text, "incr_misses", counters.IncrMisses);
        Add(text, "incr_hits", counters.IncrHits);
        Add(text, "decr_misses", counters.DecrMisses);
        Add(text, "decr_hits", counters.DecrHits);
        Add(text, "cas_misses", counters.CasMisses);
        Add(text, "cas_hits", counters.CasHits);
        Add(text, "cas_badval", counters.CasBadValue);
        Add(text, "touch_hits", counters.TouchHits);
        Add(text, "touch_misses", counters.TouchMisses);
        Add(text, "store_too_large", counters.TooLarge);
        Add(text, "store_no_memory", counters.NoMemory);
        Add(text, "auth_cmds", counters.AuthCommands);
        Add(text, "auth_errors", counters.AuthErrors);
        Add(text, "bytes_read", counters.BytesRead);
        Add(text, "bytes_written", counters.BytesWritten);
        Add(text, "limit_maxbytes", store.BudgetBytes);
        Add(text, "accepting_conns", 1);
        Add(text, "threads", gateway.Options.Threads);
        Add(text, "bytes", store.EntryBytes);
        Add(text, "curr_items", store.Entries);
        Add(text, "total_items", store.Stores);
        Add(text, "evictions", store.Evictions);
        Add(text, "reclaimed", store.Expirations);
        if (gateway.Options.Tls is not null)
        {
            Add(text, "ssl_handshake_errors", gateway.Handshakes.Failed);
        }

        Add(text, "granary_shards", gateway.Cache.OpenShards);
        Add(text, "granary_shards_moving", gateway.Cache.MovingShards);
        Add(text, "granary_moving_bytes_left", gateway.Cache.MovingBytesLeft);
        Add(text, "granary_moving_seconds_left", gateway.Cache.MovingSecondsLeft);
        Add(text, "granary_shards_protected", gateway.Cache.ProtectedShards);
        Add(text, "granary_silos_cut_off", gateway.Cache.CutOffSilos);
        Add(text, "granary_clock_skew_ms", (long)gateway.Cache.GreatestClockSkew.TotalMilliseconds);
        Add(text, "granary_used_bytes", store.UsedBytes);
        Add(text, "granary_buffered_bytes", gateway.Budget.UsedBytes);
        Add(text, "granary_gen2_collections", GC.CollectionCount(2));
        Add(text, "granary_remote_operations", counters.RemoteOperations);
    }

    private static void AddSettings(StringBuilder text, GatewayState gateway)
    {
        Add(text, "maxbytes", gateway.Cache.Store.Options.MemoryLimitBytes);
        Add(text, "maxconns", gateway.Options.MaxConnections);
        Add(text, "tcpport", gateway.Options.Port);
        Add(text, "udpport", 0);
        Add(text, "inter", gateway.Options.Address.ToString());
        Add(text, "evictions", "on");
        Add(text, "num_threads", gateway.Options.Threads);
        Add(text, "cas_enabled", "yes");
        Add(text, "binding_protocol", "ascii");
        Add(text, "auth_enabled_sasl", "no");
        Add(text, "auth_enabled_ascii", gateway.Options.UserFile ?? "no"); // memcached gives the file, too
        Add(text, "ssl_enabled", gateway.Options.Tls is null ? "no" : "yes");
        Add(text, "item_size_max", gateway.Cache.Store.Options.MaxValueBytes);
        Add(text, "client_flags_size", sizeof(uint));
        Add(text, "flush_enabled", "yes");
    }

    private static void Add(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");

    private static void Add(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");
}
