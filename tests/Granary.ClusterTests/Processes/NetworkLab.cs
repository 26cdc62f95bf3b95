using System.Globalization;
using System.Net;

namespace Granary.ClusterTests.Processes;

/// <summary>
/// Hosts of their own on one switch, all of them network namespaces of this machine, and this process beside them. What
/// passes between two of them can be cut (<see cref="NetworkHost"/>): packets vanish, as behind a pulled cable, and connections stay open.
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    private readonly string _name; // of this end of the cable to the switch; all names begin with it
    private readonly string _network;

    private NetworkLab(int hostCount)
    {
        // Tests of several processes may run at the same time.
        int number = Environment.ProcessId % 250;
        _name = $"gr{Environment.ProcessId}";
        _network = $"10.213.{number}";
        Local = IPAddress.Parse($"{_network}.1");
        Store = IPAddress.Parse($"{_network}.2");
        Hosts =
        [
            .. Enumerable.Range(0, hostCount).Select(host => new NetworkHost(
                $"{_name}-h{host}", IPAddress.Parse($"{_network}.{10 + host}"))),
        ];
    }

    /// <summary>Of this process, when it connects to a host.</summary>
    public IPAddress Local { get; }

    /// <summary>Another address of this process's host, for what is to be cut off while the tests' own connections are not.</summary>
    public IPAddress Store { get; }

    public IReadOnlyList<NetworkHost> Hosts { get; }

    /// <summary>Makes the hosts; skips the running test where that cannot be.</summary>
    public static async Task<NetworkLab> StartNewAsync(int hostCount)
    {
        RequiredProgram.Locate("ip");
        RequiredProgram.Locate("iptables");
        var lab = new NetworkLab(hostCount);
        try
        {
            (int exitCode, string output) = await SystemCommand.TryRunAsync("ip", $"netns add {lab.Switch}");
            Assert.SkipUnless(
                exitCode == 0, $"Network namespaces cannot be made: 'ip netns' needs CAP_NET_ADMIN and CAP_SYS_ADMIN. {output}");
            await lab.BuildAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SystemCommand.TryRunAsync("ip", $"link del {_name}"); // a namespace's devices go some time after it
        foreach (string name in Hosts.Select(host => host.Namespace).Append(Switch))
        {
            await SystemCommand.TryRunAsync("ip", $"netns del {name}");
        }
    }

    private string Switch => $"{_name}-sw";

    private async Task BuildAsync()
    {
        await SystemCommand.RunAsync("ip", $"-n {Switch} link add br0 type bridge");
        await SystemCommand.RunAsync("ip", $"-n {Switch} link set br0 up");
        await SystemCommand.RunAsync("ip", $"link add {_name} type veth peer name local netns {Switch}");
        await SystemCommand.RunAsync("ip", $"-n {Switch} link set local master br0 up");
        await SystemCommand.RunAsync("ip", $"addr add {Local}/24 dev {_name}");
        await SystemCommand.RunAsync("ip", $"addr add {Store}/24 dev {_name}");
        await SystemCommand.RunAsync("ip", $"link set {_name} up");
        for (int index = 0; index < Hosts.Count; index++)
        {
            string name = Hosts[index].Namespace;
            string port = string.Create(CultureInfo.InvariantCulture, $"host{index}");
            await SystemCommand.RunAsync("ip", $"netns add {name}");
            await SystemCommand.RunAsync("ip", $"-n {name} link set lo up");
            await SystemCommand.RunAsync("ip", $"-n {name} link add eth0 type veth peer name {port} netns {Switch}");
            await SystemCommand.RunAsync("ip", $"-n {name} addr add {Hosts[index].Address}/24 dev eth0");
            await SystemCommand.RunAsync("ip", $"-n {name} link set eth0 up");
            await SystemCommand.RunAsync("ip", $"-n {Switch} link set {port} master br0 up");
        }
    }
}
