using Granary.Silo.Settings;
using Granary.Silo.StartLine;
using Granary.Store.Entries;
using Microsoft.Extensions.Configuration;

namespace Granary.ClusterTests.StartLine;

/// <summary>What memcached's flags set here, which are refused, and which are only spoken of.</summary>
public sealed class MemcachedFlagTests
{
    [Theory]
    [InlineData("", "Granary:Cache:MemoryLimit", "64MiB")] // memcached's defaults
    [InlineData("", "Granary:Memcached:MaxConnections", "1024")]
    [InlineData("", "Granary:Memcached:Threads", "4")]
    [InlineData("", "Granary:HttpPort", "0")] // several on one machine
    [InlineData("", "Granary:SiloPort", "0")]
    [InlineData("-m 1024", "Granary:Cache:MemoryLimit", "1024MiB")]
    [InlineData("-m1024", "Granary:Cache:MemoryLimit", "1024MiB")]
    [InlineData("-m 64 -m 128", "Granary:Cache:MemoryLimit", "128MiB")]
    [InlineData("--memory-limit=1024", "Granary:Cache:MemoryLimit", "1024MiB")]
    [InlineData("-p 11311", "Granary:Memcached:Port", "11311")]
    [InlineData("--port -1", "Granary:Memcached:Port", "0")]
    [InlineData("-l 127.0.0.1 -l 127.0.0.2:1234", "Granary:Memcached:Bind", "127.0.0.1,127.0.0.2:1234")]
    [InlineData("--listen 127.0.0.1,127.0.0.1", "Granary:Memcached:Bind", "127.0.0.1")]
    [InlineData("-l [::1]:5", "Granary:Memcached:Bind", "[::1]:5")]
    [InlineData("-l ::1", "Granary:Memcached:Bind", "::1")]
    [InlineData("-s /tmp/socket", "Granary:Memcached:Socket", "/tmp/socket")]
    [InlineData("-s /tmp/socket -p 11211", "Granary:Memcached:Tcp", "false")]
    [InlineData("-s /tmp/socket --memcached-tcp true", "Granary:Memcached:Tcp", "true")]
    [InlineData("-s /tmp/socket -a 0770", "Granary:Memcached:SocketMode", "0770")]
    [InlineData("-c 10", "Granary:Memcached:MaxConnections", "10")]
    [InlineData("-t 2", "Granary:Memcached:Threads", "2")]
    [InlineData("-t 100", "Granary:Memcached:Threads", "64")]
    [InlineData("-I 4m", "Granary:Cache:MaxItem", "4194304")]
    [InlineData("--max-item-size=2048", "Granary:Cache:MaxItem", "2048")]
    [InlineData("-M", "Granary:Cache:Eviction", "none")]
    [InlineData("-X", "Granary:Memcached:Dumps", "false")]
    [InlineData("-W", "Granary:Memcached:Watch", "false")]
    [InlineData("-D /", "Granary:Memcached:PrefixDelimiter", "/")]
    [InlineData("-D ::", "Granary:Memcached:PrefixDelimiter", ":")] // memcached takes the first, too
    [InlineData("-MF", "Granary:Memcached:Flush", "false")]
    [InlineData("-MFm128", "Granary:Cache:MemoryLimit", "128MiB")]
    [InlineData("--disable-flush-all", "Granary:Memcached:Flush", "false")]
    [InlineData("-R 20", "Granary:Memcached:RequestsPerTurn", "20")]
    [InlineData("-b 10", "Granary:Memcached:Backlog", "10")]
    [InlineData("-B ascii", "Granary:Memcached:Protocol", "text")]
    [InlineData("-B binary", "Granary:Memcached:Protocol", "binary")]
    [InlineData("-Y /tmp/users", "Granary:Memcached:Users", "/tmp/users")]
    [InlineData("-S -Y /tmp/users", "Granary:Memcached:Protocol", "binary")]
    [InlineData("-S -Y /tmp/users -B auto", "Granary:Memcached:Protocol", "auto")]
    [InlineData("-Y /tmp/users -l 0.0.0.0", "Granary:Memcached:Bind", "0.0.0.0")]
    [InlineData("-l 0.0.0.0 --insecure memcached", "Granary:Memcached:Bind", "0.0.0.0")]
    [InlineData("-P /tmp/pid", "Granary:PidFile", "/tmp/pid")]
    [InlineData("-e /tmp/entries", "Granary:Cache:SaveFile", "/tmp/entries")]
    [InlineData("-Z --credentials /tmp/credentials", "Granary:Memcached:Tls", "true")]
    [InlineData("-o modern,idle_timeout=60", "Granary:Memcached:IdleSeconds", "60")]
    [InlineData("-o read_buf_mem_limit=128", "Granary:Memcached:Buffers", "128MiB")]
    [InlineData("-o read_buf_mem_limit=0", "Granary:Memcached:Buffers", null)]
    [InlineData("-o maxconns_fast", "Granary:Memcached:Full", "refuse")]
    [InlineData("-o maxconns_fast -o no_maxconns_fast", "Granary:Memcached:Full", "wait")]
    [InlineData("-v", "Logging:LogLevel:Granary", "Debug")]
    [InlineData("-vv", "Logging:LogLevel:Default", "Information")]
    [InlineData("-m 64 --http-port 8080", "Granary:HttpPort", "8080")] // the silo's own options beside them
    public async Task Flag_SetsWhatItMeansHereAsync(string line, string key, string? value)
    {
        LineRun run = await LineRun.StartAsync(line);

        Assert.Equal("", run.Set is null ? run.Said : "");
        Assert.Equal(value, run.Set!.GetValueOrDefault(key));
    }

    [Theory]
    [InlineData("-m 7", "-m is '7'")]
    [InlineData("-m 1g", "-m is '1g'")]
    [InlineData("-m", "-m")]
    [InlineData("-p 65536", "-p is '65536'")]
    [InlineData("-p -2", "-p is '-2'")]
    [InlineData("-p 0", "-p is '0'")]
    [InlineData("-U 11211", "-U is '11211'")]
    [InlineData("-c 0", "-c is '0'")]
    [InlineData("-c -1", "-c is '-1'")]
    [InlineData("-t 0", "-t is '0'")]
    [InlineData("-R 0", "-R is '0'")]
    [InlineData("-b 0", "-b is '0'")]
    [InlineData("-f 1", "-f is '1'")]
    [InlineData("-n 0", "-n is '0'")]
    [InlineData("-a 0778", "-a is '0778'")]
    [InlineData("-a 1000", "-a is '1000'")]
    [InlineData("-I 1000", "-I is '1000'")]
    [InlineData("-I 129m", "-I is '129m'")]
    [InlineData("-m 8 -I 5m", "-I is '5 MiB'")]
    [InlineData("-B http", "-B is 'http'")]
    [InlineData("-D \u00e9", "-D is '\u00e9'")]
    [InlineData("-l no-such-host.invalid", "-l is 'no-such-host.invalid'")]
    [InlineData("-l 127.0.0.1:port", "-l is 'port'")]
    [InlineData("-l 0.0.0.0", "--insecure memcached")]
    [InlineData("-S", "-Y FILE")]
    [InlineData("-S -Y users -B ascii", "-B is 'ascii'")]
    [InlineData("-o idle_timeout=x", "-o idle_timeout is 'x'")]
    [InlineData("-o idle_timeout", "-o idle_timeout is ''")]
    [InlineData("-o ssl_chain_cert=x", "-o is 'ssl_chain_cert=x'")]
    [InlineData("-o proxy_config=x", "-o is 'proxy_config=x'")]
    [InlineData("-Q", "-Q")]
    [InlineData("--no-such-flag", "--no-such-flag")]
    public async Task Line_ThatIsWrong_IsRefusedInOneLineThatNamesTheFlagAsync(string line, string named)
    {
        LineRun run = await LineRun.StartAsync(line);

        Assert.Null(run.Set);
        Assert.Equal(MemcachedCommand.UsageError, run.ExitCode);
        Assert.Contains(named, run.Said, StringComparison.Ordinal);
        Assert.StartsWith("granary: ", run.Said, StringComparison.Ordinal);
        Assert.Single(run.Said.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("-f 1.25", "-f")]
    [InlineData("-n 48", "-n")]
    [InlineData("-L", "-L")]
    [InlineData("-k", "-k")]
    [InlineData("-C", "-C")]
    [InlineData("-r", "-r")]
    [InlineData("-A", "-A")]
    [InlineData("-N 2", "-N")]
    [InlineData("-o modern,slab_reassign", "-o modern,slab_reassign")]
    [InlineData("-t 65", "-t")]
    [InlineData("-U 0", "There is no -l")]
    public async Task Flag_WithoutASubjectHere_IsAcceptedAndSaidAsync(string line, string said)
    {
        LineRun run = await LineRun.StartAsync(line);

        Assert.Equal(0, run.ExitCode);
        Assert.NotNull(run.Set);
        Assert.Contains($"granary: {said} ", run.Said.Replace("There is no -l:", "There is no -l ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsMemcachedsAndGranarysAsync()
    {
        LineRun run = await LineRun.StartAsync("-V");

        Assert.Matches("^memcached 1\\.6\\.45-granary-[0-9.]+\n$", run.Said);
        Assert.Equal((0, true), (run.ExitCode, run.Set is null));
    }

    [Fact]
    public async Task Settings_OfALine_AreThoseThatASiloReadsAsync()
    {
        LineRun run = await LineRun.StartAsync("-s /tmp/socket -a 0770 -S -Y /tmp/users -o idle_timeout=60,no_maxconns_fast -R 20 -F -M -D .");

        var settings = new SiloSettings(new ConfigurationBuilder().AddInMemoryCollection(run.Set!).Build());

        settings.Validate();
        Assert.Empty(settings.Memcached.EndPoints);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Memcached.IdleTime);
        Assert.Equal("/tmp/users", settings.MemcachedUsers);
        Assert.Equal((true, false), (settings.Memcached.WaitsWhenFull, settings.Memcached.AllowsFlush));
        Assert.Equal('.', settings.Memcached.PrefixDelimiter);
        Assert.Equal(EvictionPolicy.None, settings.Eviction);
    }
}
