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
    /// <summary>Answers <c>stats</c> and <c>stats settings</c> in the text protocol.</summary>
    /// <returns><see langword="false"/> for a section that is not there.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> section, GatewayState gateway, OutputBuffer output)
    {
        if (TryRead(section, gateway) is not { } statistics)
        {
            return false;
        }

        var text = new StringBuilder();
        foreach ((string name, string value) in statistics)
        {
            text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");
        }

        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        output.Write(Reply.End);
        return true;
    }

    /// <summary>Names and values of a section.</summary>
    /// <returns><see langword="null"/> for a section that is not there.</returns>
    public static List<(string Name, string Value)>? TryRead(ReadOnlySpan<byte> section, GatewayState gateway)
    {
        List<(string Name, string Value)> statistics = [];
        if (section.IsEmpty)
        {
            AddGeneral(statistics, gateway);
        }
        else if (section.SequenceEqual("settings"u8))
        {
            AddSettings(statistics, gateway);
        }
        else
        {
            return null;
        }

        return statistics;
    }

    private static void AddGeneral(List<(string Name, string Value)> all, GatewayState gateway)
    {
        GatewayCounters counters = gateway.SumCounters();
        StoreStatistics store = gateway.Cache.Store.GetStatistics();
        using var process = Process.GetCurrentProcess();
        Add(all, "pid", Environment.ProcessId);
        Add(all, "uptime", (long)gateway.Time.GetElapsedTime(gateway.StartTimestamp).TotalSeconds);
        Add(all, "time", gateway.Time.GetUtcNow().ToUnixTimeSeconds());
        Add(all, "version", ServerVersion.Text);
        Add(all, "pointer_size", IntPtr.Size * 8);
        Add(all, "rusage_user", process.UserProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        Add(all, "rusage_system", process.PrivilegedProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        AddConnections(all, gateway, counters);
        Add(all, "cmd_get", counters.CmdGet);
        Add(all, "cmd_set", counters.CmdSet);
        Add(all, "cmd_flush", counters.CmdFlush);
        Add(all, "cmd_touch", counters.CmdTouch);
        Add(all, "cmd_meta", counters.CmdMeta);
        Add(all, "get_hits", counters.GetHits);
        Add(all, "get_misses", counters.GetMisses);
        Add(all, "delete_misses", counters.DeleteMisses);
        Add(all, "delete_hits", counters.DeleteHits);
        Add(all, "incr_misses", counters.IncrMisses);
        Add(all, "incr_hits", counters.IncrHits);
        Add(all, "decr_misses", counters.DecrMisses);
        Add(all, "decr_hits", counters.DecrHits);
        Add(all, "cas_misses", counters.CasMisses);
        Add(all, "cas_hits", counters.CasHits);
        Add(all, "cas_badval", counters.CasBadValue);
        Add(all, "touch_hits", counters.TouchHits);
        Add(all, "touch_misses", counters.TouchMisses);
        Add(all, "store_too_large", counters.TooLarge);
        Add(all, "store_no_memory", counters.NoMemory);
        Add(all, "auth_cmds", counters.AuthCommands);
        Add(all, "auth_errors", counters.AuthErrors);
        Add(all, "bytes_read", counters.BytesRead);
        Add(all, "bytes_written", counters.BytesWritten);
        Add(all, "limit_maxbytes", store.BudgetBytes);
        Add(all, "bytes", store.EntryBytes);
        Add(all, "curr_items", store.Entries);
        Add(all, "total_items", store.Stores);
        Add(all, "evictions", store.Evictions);
        Add(all, "reclaimed", store.Expirations);
        if (gateway.Options.Tls is not null)
        {
            Add(all, "ssl_handshake_errors", gateway.Handshakes.Failed);
        }

        Add(all, "granary_shards", gateway.Cache.OpenShards);
        Add(all, "granary_shards_moving", gateway.Cache.MovingShards);
        Add(all, "granary_moving_bytes_left", gateway.Cache.MovingBytesLeft);
        Add(all, "granary_moving_seconds_left", gateway.Cache.MovingSecondsLeft);
        Add(all, "granary_shards_protected", gateway.Cache.ProtectedShards);
        Add(all, "granary_silos_cut_off", gateway.Cache.CutOffSilos);
        Add(all, "granary_clock_skew_ms", (long)gateway.Cache.GreatestClockSkew.TotalMilliseconds);
        Add(all, "granary_used_bytes", store.UsedBytes);
        Add(all, "granary_buffered_bytes", gateway.Budget.UsedBytes);
        Add(all, "granary_gen2_collections", GC.CollectionCount(2));
        Add(all, "granary_remote_operations", counters.RemoteOperations);
        Add(all, "granary_aged_connections", gateway.AgedConnections);
    }

    private static void AddConnections(List<(string Name, string Value)> all, GatewayState gateway, GatewayCounters counters)
    {
        Add(all, "max_connections", gateway.Options.MaxConnections);
        Add(all, "curr_connections", gateway.Clients.Present);
        Add(all, "total_connections", gateway.Clients.Total);
        Add(all, "rejected_connections", gateway.Clients.Refused);
        if (gateway.Options.IdleTime > TimeSpan.Zero)
        {
            Add(all, "idle_kicks", gateway.IdleKicks);
        }

        Add(all, "accepting_conns", gateway.Clients.IsAccepting ? 1 : 0);
        Add(all, "listen_disabled_num", gateway.Clients.TimesFull);
        Add(all, "time_in_listen_disabled_us", (long)gateway.Clients.TimeFull.TotalMicroseconds);
        Add(all, "threads", gateway.Options.Threads);
        Add(all, "conn_yields", counters.Yields);
    }

    private static void AddSettings(List<(string Name, string Value)> all, GatewayState gateway)
    {
        GatewayOptions options = gateway.Options;
        StoreOptions store = gateway.Cache.Store.Options;
        Add(all, "maxbytes", store.MemoryLimitBytes);
        Add(all, "maxconns", options.MaxConnections);
        Add(all, "maxconns_fast", options.WaitsAtMaxConnections ? "no" : "yes");
        Add(all, "tcpport", options.ListensOnTcp ? options.Port : 0);
        Add(all, "udpport", 0);
        Add(all, "inter", options.Address.ToString());
        Add(all, "domain_socket", options.UnixSocket ?? "NULL"); // memcached's word
        Add(all, "umask", Convert.ToString((int)options.UnixSocketMode, toBase: 8));
        Add(all, "tcp_backlog", options.Backlog);
        Add(all, "evictions", store.Evicts ? "on" : "off");
        Add(all, "num_threads", options.Threads);
        Add(all, "reqs_per_event", options.MaxRequestsPerTurn);
        Add(all, "cas_enabled", "yes");
        Add(all, "binding_protocol", NameOf(options.Protocols));
        Add(all, "auth_enabled_sasl", gateway.Users is null ? "no" : "yes");
        Add(all, "auth_enabled_ascii", options.UserFile ?? "no"); // memcached gives the file, too
        Add(all, "ssl_enabled", options.Tls is null ? "no" : "yes");
        Add(all, "item_size_max", store.MaxValueBytes);
        Add(all, "client_flags_size", sizeof(uint));
        Add(all, "flush_enabled", options.AllowsFlush ? "yes" : "no");
        Add(all, "idle_timeout", (long)options.IdleTime.TotalSeconds);
    }

    private static string NameOf(ServedProtocols protocols) => protocols switch
    {
        ServedProtocols.Text => "ascii",
        ServedProtocols.Binary => "binary",
        _ => "auto-negotiate",
    };

    private static void Add(List<(string Name, string Value)> all, string name, long value) =>
        all.Add((name, value.ToString(CultureInfo.InvariantCulture)));

    private static void Add(List<(string Name, string Value)> all, string name, string value) => all.Add((name, value));
}
