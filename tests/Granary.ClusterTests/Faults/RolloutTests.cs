using System.Globalization;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared.Containers;
using Granary.Tests.Shared.Manifests;
using k8s.Models;

namespace Granary.ClusterTests.Faults;

/// <summary>
/// A new image of k8s/overlays/production under load: containers of the image, each on a host of its own, are replaced
/// by the Deployment's rules.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class RolloutTests(ITestOutputHelper output)
{
    // The hosts' network is the work of the same two cores: 5,000 operations take half of them there.
    private const double OperationsPerSecond = 2000;

    [Fact]
    public async Task Rollout_ByTheDeploymentsRules_LosesNothingAsync()
    {
        HandRun.SkipUnlessLong(); // PlannedChangeTests is the same without containers
        V1Deployment deployment = (await Overlay.RenderAsync(Overlay.Production)).Silos;
        V1DeploymentSpec spec = deployment.Spec;
        V1Container silo = spec.Template.Spec.Containers.Single();
        int count = spec.Replicas!.Value;
        Assert.Equal("1", spec.Strategy.RollingUpdate.MaxSurge.Value);
        Assert.Equal("0", spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        await using ContainerImage image = await ContainerImage.BuildAsync(HandRun.SiloFolder);
        await using NetworkLab lab = await NetworkLab.StartNewAsync(hostCount: 2 * count); // a pod's address is its own
        var pods = new PodPlaces(image, deployment);
        await using FaultRun run = await FaultRun.StartAsync(
            output,
            count,
            operationsPerSecond: OperationsPerSecond,
            lab: lab,
            places: [.. lab.Hosts.Take(count).Select(pods.On)]);
        SiloProcess[] old = run.Silos;
        var leaving = new List<Task>();
        for (int index = 0; index < count; index++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"new-{index}");
            await run.AddAsync(
                name, pods.On(lab.Hosts[count + index]), added => ReadinessProbe.WaitAsync(added, silo.ReadinessProbe));
            Dictionary<string, string> taken = await run.Silos[^1].StatisticsAsync();
            await run.ContinueAsync(
                $"{name} has taken {taken["granary_shards"]} shards, {taken["curr_items"]} entries",
                TimeSpan.FromSeconds(spec.MinReadySeconds!.Value));

            // The next one starts at once: a pod that terminates is not counted.
            leaving.Add(run.TerminateAsync(old[index], TimeSpan.FromSeconds(silo.Lifecycle.PreStop.Sleep.Seconds)));
        }

        await Task.WhenAll(leaving);
        await run.SettleAsync();
        (await run.CompleteAsync()).AssertMeets(PlannedChangeTests.NothingLost);
    }
}
