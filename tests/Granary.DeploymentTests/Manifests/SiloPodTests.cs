using System.Globalization;
using System.Net;
using Granary.Clustering;
using Granary.Silo.Access;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using k8s.Models;
using Microsoft.Extensions.Configuration;

namespace Granary.DeploymentTests.Manifests;

/// <summary>Whether a pod fits the silo in it: its options, its ports, how long it takes to start and stop.</summary>
public sealed class SiloPodTests
{
    private const string CredentialsVariable = "Granary__Credentials";

    // Of the container's memory, for the cache and .NET's heap: sockets, stacks and the runtime take the rest.
    private const double MostForCacheAndHeap = 0.9;

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    [InlineData(Overlay.Monitored)]
    public async Task Environment_OfAPod_IsTakenByTheSiloAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        SiloSettings settings = SettingsOf(overlay);

        settings.Validate();
        Assert.Equal(PodEnvironment.PodName, settings.Name);
        Assert.Equal(IPAddress.Any, settings.Bind);
        Assert.Equal(PodEnvironment.PodAddress, settings.Advertise);
        Assert.NotNull(settings.ClusterStore);
        Assert.Equal(
            [settings.MemcachedPort, settings.GatewayPort, settings.SiloPort, settings.HttpPort],
            overlay.Silo.Ports.Select(port => port.ContainerPort));
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Termination_OfAPod_LeavesTimeForTheHandOffAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        TimeSpan preStop = TimeSpan.FromSeconds(overlay.Silo.Lifecycle.PreStop.Sleep.Seconds);
        TimeSpan stop = SettingsOf(overlay).HandOffTime + SiloHost.TimeToStop;

        Assert.True(
            overlay.Silos.Spec.Template.Spec.TerminationGracePeriodSeconds > (preStop + stop).TotalSeconds,
            $"{preStop} + {stop}");
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Probes_OfAPod_AskWhatTheSiloAnswersAsync(string name)
    {
        V1Container silo = (await Overlay.RenderAsync(name)).Silo;

        Assert.Equal(HealthEndpoints.LivePath, silo.StartupProbe.HttpGet.Path);
        Assert.Equal(HealthEndpoints.ReadyPath, silo.ReadinessProbe.HttpGet.Path);
        Assert.Equal(HealthEndpoints.LivePath, silo.LivenessProbe.HttpGet.Path);
        Assert.All(
            new[] { silo.StartupProbe, silo.ReadinessProbe, silo.LivenessProbe },
            probe => Assert.Equal(
                ("http", name == Overlay.Dev ? null : "HTTPS"), (probe.HttpGet.Port.Value, probe.HttpGet.Scheme)));
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Rollout_OfThePods_NeverHasASiloLessAndEndsInTimeAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);
        V1DeploymentSpec silos = overlay.Silos.Spec;
        V1Probe startup = overlay.Silo.StartupProbe;

        TimeSpan start = TimeSpan.FromSeconds((startup.FailureThreshold * startup.PeriodSeconds)!.Value);
        TimeSpan ready = SettingsOf(overlay).TakeOverTime + TimeSpan.FromSeconds(silos.MinReadySeconds!.Value);

        Assert.Equal("1", silos.Strategy.RollingUpdate.MaxSurge.Value);
        Assert.Equal("0", silos.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.True(start > new ClusteringOptions().StoreTimeout, $"The database may take longer than {start}.");
        Assert.True(silos.ProgressDeadlineSeconds > (start + ready).TotalSeconds, $"A silo may take {start + ready}.");
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Memory_OfAPod_HoldsTheCacheAndTheHeapAsync(string name)
    {
        V1Container silo = (await Overlay.RenderAsync(name)).Silo;
        string percent = silo.Env.Single(variable => variable.Name == "DOTNET_GCHeapHardLimitPercent").Value;

        Assert.StartsWith("0x", percent, StringComparison.Ordinal);
        double heapShare = int.Parse(percent[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 100.0;

        Assert.DoesNotContain(silo.Env, variable => variable.Name == "Granary__Cache__MemoryLimit"); // by the limit
        Assert.InRange(ContainerMemory.CacheShare + heapShare, 0, MostForCacheAndHeap);
    }

    // Dev asks for nothing and says so; production asks for everything, and has it where it looks.
    [Theory]
    [InlineData(Overlay.Dev, false)]
    [InlineData(Overlay.Production, true)]
    [InlineData(Overlay.Certified, true)]
    public async Task Credentials_OfAPod_AreOfASecretThatIsMountedAsync(string name, bool hasSome)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        Assert.NotEqual(hasSome, overlay.Silo.Env.Any(variable => variable.Name == "Granary__Insecure"));
        V1EnvVar? folder = overlay.Silo.Env.SingleOrDefault(variable => variable.Name == CredentialsVariable);
        Assert.Equal(hasSome, folder is not null);
        if (folder is not null)
        {
            V1VolumeMount mount = overlay.Silo.VolumeMounts.Single(mount => mount.MountPath == folder.Value);
            V1Volume volume = overlay.Silos.Spec.Template.Spec.Volumes.Single(volume => volume.Name == mount.Name);
            Assert.Contains(volume.Projected.Sources, source => source.Secret.Name == "granary-credentials");
            Assert.Equal(overlay.Silos.Spec.Template.Spec.SecurityContext.RunAsGroup, overlay.Silos.Spec.Template.Spec.SecurityContext.FsGroup);
        }
    }

    // The path is the container's: here it is a folder that has what the README's command puts into the secret.
    private static SiloSettings SettingsOf(Overlay overlay)
    {
        string folder = Path.Combine(ChildProcess.CreateFolder(), "credentials");
        NewCredentials.Write(folder, ["localhost"], TimeSpan.FromDays(1), TimeProvider.System);
        return new SiloSettings(new ConfigurationBuilder()
            .AddInMemoryCollection(PodEnvironment.Of(overlay.Silo).Select(variable => KeyValuePair.Create(
                variable.Key.Replace("__", ":", StringComparison.Ordinal),
                (string?)(variable.Key == CredentialsVariable ? Path.Combine(folder, "silo") : variable.Value))))
            .Build());
    }
}
