using System.Diagnostics;
using System.Globalization;
using Granary.Memcached.Server;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>
/// What this gateway has done and what this silo holds, under memcached's names. Sum over the silos for the cluster.
/// </summary>
internal static class Statistics
{
    /// <summary>Names and values of a section.</summary>
    /// <param name="section">Its name; empty for the general one.</param>
    /// <param name="gateway">The gateway.</param>
    /// <returns><see langword="null"/> for a section that is not there.</returns>
    public static List<(string Name, string Value)>? TryRead(ReadOnlySpan<byte> section, GatewayState gateway)
    {
        var list = new StatisticsList(gateway.Baseline);
        if (section.IsEmpty)
        {
            AddGeneral(list, gateway);
        }
        else if (section.SequenceEqual("settings"u8))
        {
            AddSettings(list, gateway);
        }
        else if (section.SequenceEqual("items"u8))
        {
            ClassStatistics.AddItems(list, gateway);
        }
        else if (section.SequenceEqual("slabs"u8))
        {
            ClassStatistics.AddSlabs(list, gateway);
        }
        else if (section.SequenceEqual("sizes"u8))
        {
            list.Add("sizes_status", "disabled"); // as of a memcached that was not told to keep a histogram
        }
        else
        {
            return null;
        }

        return list.All;
    }

    /// <summary>Lets all counters begin anew. Levels stay.</summary>
    public static void Reset(GatewayState gateway)
    {
        var list = new StatisticsList(gateway.Baseline);
        AddGeneral(list, gateway);
        gateway.Baseline.Set(list.Counters);
        gateway.Prefixes.Clear();
    }

    private static void AddGeneral(StatisticsList all, GatewayState gateway)
    {
        GatewayCounters counters = gateway.SumCounters();
        StoreStatistics store = gateway.Cache.Store.GetStatistics();
        using var process = Process.GetCurrentProcess();
        all.Add("pid", Environment.ProcessId);
        all.Add("uptime", (long)gateway.Time.GetElapsedTime(gateway.StartTimestamp).TotalSeconds);
        all.Add("time", gateway.Time.GetUtcNow().ToUnixTimeSeconds());
        all.Add("version", ServerVersion.Text);
        all.Add("pointer_size", IntPtr.Size * 8);
        all.Add("rusage_user", process.UserProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        all.Add("rusage_system", process.PrivilegedProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        AddConnections(all, gateway, counters);
        all.Count("cmd_get", counters.CmdGet);
        all.Count("cmd_set", counters.CmdSet);
        all.Count("cmd_flush", counters.CmdFlush);
        all.Count("cmd_touch", counters.CmdTouch);
        all.Count("cmd_meta", counters.CmdMeta);
        all.Count("get_hits", counters.GetHits);
        all.Count("get_misses", counters.GetMisses);
        all.Count("get_expired", store.FoundExpired);
        all.Count("get_flushed", store.FoundFlushed);
        all.Count("delete_misses", counters.DeleteMisses);
        all.Count("delete_hits", counters.DeleteHits);
        all.Count("incr_misses", counters.IncrMisses);
        all.Count("incr_hits", counters.IncrHits);
        all.Count("decr_misses", counters.DecrMisses);
        all.Count("decr_hits", counters.DecrHits);
        all.Count("cas_misses", counters.CasMisses);
        all.Count("cas_hits", counters.CasHits);
        all.Count("cas_badval", counters.CasBadValue);
        all.Count("touch_hits", counters.TouchHits);
        all.Count("touch_misses", counters.TouchMisses);
        all.Count("store_too_large", counters.TooLarge);
        all.Count("store_no_memory", counters.NoMemory);
        all.Count("auth_cmds", counters.AuthCommands);
        all.Count("auth_errors", counters.AuthErrors);
        all.Count("bytes_read", counters.BytesRead);
        all.Count("bytes_written", counters.BytesWritten);
        all.Add("limit_maxbytes", store.BudgetBytes);
        all.Add("bytes", store.EntryBytes);
        all.Add("curr_items", store.Entries);
        all.Count("total_items", store.Stores);
        all.Count("evictions", store.Evictions);
        all.Count("reclaimed", store.Expirations);
        if (gateway.Options.Tls is not null)
        {
            all.Count("ssl_handshake_errors", gateway.Handshakes.Failed);
        }

        all.Add("granary_shards", gateway.Cache.OpenShards);
        all.Add("granary_shards_moving", gateway.Cache.MovingShards);
        all.Add("granary_moving_bytes_left", gateway.Cache.MovingBytesLeft);
        all.Add("granary_moving_seconds_left", gateway.Cache.MovingSecondsLeft);
        all.Add("granary_shards_protected", gateway.Cache.ProtectedShards);
        all.Add("granary_silos_cut_off", gateway.Cache.CutOffSilos);
        all.Add("granary_clock_skew_ms", (long)gateway.Cache.GreatestClockSkew.TotalMilliseconds);
        all.Add("granary_used_bytes", store.UsedBytes);
        all.Add("granary_buffered_bytes", gateway.Budget.UsedBytes);
        all.Add("granary_gen2_collections", GC.CollectionCount(2));
        all.Count("granary_remote_operations", counters.RemoteOperations);
        all.Count("granary_hot_copy_hits", gateway.Cache.HotCopyHits);
        all.Count("granary_aged_connections", gateway.AgedConnections);
    }

    private static void AddConnections(StatisticsList all, GatewayState gateway, GatewayCounters counters)
    {
        all.Add("max_connections", gateway.Options.MaxConnections);
        all.Add("curr_connections", gateway.Clients.Present);
        all.Count("total_connections", gateway.Clients.Total);
        all.Count("rejected_connections", gateway.Clients.Refused);
        if (gateway.Options.IdleTime > TimeSpan.Zero)
        {
            all.Count("idle_kicks", gateway.IdleKicks);
        }

        all.Add("accepting_conns", gateway.Clients.IsAccepting ? 1 : 0);
        all.Count("listen_disabled_num", gateway.Clients.TimesFull);
        all.Count("time_in_listen_disabled_us", (long)gateway.Clients.TimeFull.TotalMicroseconds);
        all.Add("threads", gateway.Options.Threads);
        all.Count("conn_yields", counters.Yields);
        all.Count("log_watcher_skipped", gateway.Watchers.Skipped);
        all.Count("log_watcher_sent", gateway.Watchers.Sent);
        all.Add("log_watchers", gateway.Watchers.Count);
    }

    private static void AddSettings(StatisticsList all, GatewayState gateway)
    {
        GatewayOptions options = gateway.Options;
        StoreOptions store = gateway.Cache.Store.Options;
        all.Add("maxbytes", gateway.Cache.Store.Budget.Bytes);
        all.Add("maxconns", options.MaxConnections);
        all.Add("maxconns_fast", options.WaitsAtMaxConnections ? "no" : "yes");
        all.Add("tcpport", options.ListensOnTcp ? options.Port : 0);
        all.Add("udpport", 0);
        all.Add("inter", options.Address.ToString());
        all.Add("domain_socket", options.UnixSocket ?? "NULL"); // memcached's word
        all.Add("umask", Convert.ToString((int)options.UnixSocketMode, toBase: 8));
        all.Add("tcp_backlog", options.Backlog);
        all.Add("evictions", store.Eviction == EvictionPolicy.None ? "off" : "on");
        all.Add("num_threads", options.Threads);
        all.Add("stat_key_prefix", gateway.Prefixes.Delimiter.ToString());
        all.Add("detail_enabled", gateway.Prefixes.IsOn ? "yes" : "no");
        all.Add("reqs_per_event", options.MaxRequestsPerTurn);
        all.Add("cas_enabled", "yes");
        all.Add("binding_protocol", NameOf(options.Protocols));
        all.Add("auth_enabled_sasl", gateway.Users is null ? "no" : "yes");
        all.Add("auth_enabled_ascii", options.UserFile ?? "no"); // memcached gives the file, too
        all.Add("ssl_enabled", options.Tls is null ? "no" : "yes");
        all.Add("item_size_max", store.MaxValueBytes);
        all.Add("client_flags_size", sizeof(uint));
        all.Add("flush_enabled", options.AllowsFlush ? "yes" : "no");
        all.Add("dump_enabled", options.AllowsDumps ? "yes" : "no");
        all.Add("idle_timeout", (long)options.IdleTime.TotalSeconds);
    }

    private static string NameOf(ServedProtocols protocols) => protocols switch
    {
        ServedProtocols.Text => "ascii",
        ServedProtocols.Binary => "binary",
        _ => "auto-negotiate",
    };
}
