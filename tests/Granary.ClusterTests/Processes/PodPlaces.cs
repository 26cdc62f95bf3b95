using System.Net;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared.Containers;
using Granary.Tests.Shared.Manifests;
using k8s.Models;

namespace Granary.ClusterTests.Processes;

/// <summary>
/// Places for silos that run as the pods of a Deployment do: containers of the image with a pod's user, rights, file
/// system, memory and environment. Without credentials, which are a secret of the cluster that a pod runs in.
/// </summary>
/// <param name="image">Of all containers.</param>
/// <param name="deployment">Has one container.</param>
/// <param name="memoryBytes">The limit of each; the deployment's by default.</param>
internal sealed class PodPlaces(ContainerImage image, V1Deployment deployment, long? memoryBytes = null)
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A container with the network of a host, named as the host's namespace.</summary>
    public SiloPlace On(NetworkHost host) => At(host.Address, $"ns:/run/netns/{host.Namespace}", host.Namespace);

    /// <summary>A container with the network of this machine.</summary>
    /// <param name="name">The container's.</param>
    public SiloPlace Here(string name) => At(IPAddress.Loopback, "host", name);

    private SiloPlace At(IPAddress address, string network, string name) => new()
    {
        Address = address,
        Container = folder =>
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, Everybody); // the silo is not the tests' user
            }

            return image.RunCommand(
            [
                .. PodLimits.Of(deployment, memoryBytes),
                "--name", name,
                "--network", network,
                "--volume", $"{folder}:{folder}",
                .. EnvironmentAt(address).SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" }),
            ]);
        },
    };

    private Dictionary<string, string> EnvironmentAt(IPAddress address)
    {
        Dictionary<string, string> variables =
            PodEnvironment.Of(deployment.Spec.Template.Spec.Containers.Single(), address);
        variables.Remove("Granary__Credentials");
        variables["Granary__Bind"] = address.ToString();
        return variables;
    }
}
