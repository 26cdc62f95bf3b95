using k8s.Models;

namespace Granary.Tests.Shared.Containers;

/// <summary>The options of <c>podman run</c> that give a container what a pod's has: user, rights, file system and memory.</summary>
internal static class PodLimits
{
    /// <param name="deployment">With one container.</param>
    /// <param name="memoryBytes">Its limit; the deployment's by default.</param>
    public static IEnumerable<string> Of(V1Deployment deployment, long? memoryBytes = null)
    {
        V1PodSpec pod = deployment.Spec.Template.Spec;
        V1Container silo = pod.Containers.Single();
        Assert.True(silo.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(silo.SecurityContext.AllowPrivilegeEscalation);
        return
        [
            "--user", $"{pod.SecurityContext.RunAsUser}:{pod.SecurityContext.RunAsGroup}",
            "--read-only",
            "--read-only-tmpfs=false",
            .. silo.VolumeMounts.Where(IsWritten).SelectMany(mount => new[] { "--tmpfs", mount.MountPath }),
            .. silo.SecurityContext.Capabilities.Drop.SelectMany(drop => new[] { "--cap-drop", drop }),
            "--security-opt", "no-new-privileges",
            "--memory", $"{memoryBytes ?? silo.Resources.Limits["memory"].ToInt64()}",
            "--ulimit", "nofile=4096:4096", // podman's own defaults need a right that root may not have
            "--ulimit", "nproc=4096:4096",
        ];
    }

    private static bool IsWritten(V1VolumeMount mount) => mount.ReadOnlyProperty != true;
}
