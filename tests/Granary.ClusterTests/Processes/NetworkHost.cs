using System.Net;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Processes;

/// <summary>A host of a <see cref="NetworkLab"/>: a network namespace with one address.</summary>
internal sealed record NetworkHost(string Namespace, IPAddress Address)
{
    /// <summary>For a silo that runs on it.</summary>
    public SiloPlace Place => new() { Address = Address, Wrapper = ["ip", "netns", "exec", Namespace] };

    /// <summary>Lets nothing pass between this host and an address any more.</summary>
    public Task CutAsync(IPAddress address) => FilterAsync(address, "-I");

    /// <summary>Lets everything pass again.</summary>
    public Task HealAsync(IPAddress address) => FilterAsync(address, "-D");

    private async Task FilterAsync(IPAddress address, string change)
    {
        string iptables = $"netns exec {Namespace} iptables -w {change}";
        await SystemCommand.RunAsync("ip", $"{iptables} INPUT -s {address} -j DROP");
        await SystemCommand.RunAsync("ip", $"{iptables} OUTPUT -d {address} -j DROP");
    }
}
