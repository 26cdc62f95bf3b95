using System.CommandLine;
using System.Runtime.InteropServices;
using Granary.Silo.Settings;

namespace Granary.Silo.LocalCluster;

/// <summary>The command <c>cluster</c>: some silos on this machine at once, to try what a cluster does.</summary>
internal static class ClusterCommand
{
    private const int MaxSilos = 16;

    // What the silos have each their own of.
    private static readonly SiloOption[] Own =
    [
        SiloOptions.Name, SiloOptions.MemcachedPort, SiloOptions.SiloPort, SiloOptions.GatewayPort, SiloOptions.HttpPort,
        SiloOptions.Primary, SiloOptions.ClusterStore, SiloOptions.PortFile, SiloOptions.Save,
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var count = new Option<int>("--silos")
        {
            Description = $"How many; 1 to {MaxSilos}. The first has the usual ports, each further one those that follow.",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
        };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxSilos)
            {
                result.AddError($"--silos must be from 1 to {MaxSilos}.");
            }
        });
        var command = new Command("cluster", "Runs some silos on this machine. Other options go to each of them.")
        {
            count,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellationToken) =>
        {
            string? own = result.UnmatchedTokens.FirstOrDefault(token =>
                Array.Exists(Own, option => token == $"--{option.Name}" || token.StartsWith($"--{option.Name}=", StringComparison.Ordinal)));
            if (own is not null)
            {
                return Refusal.Tell(new SettingsException($"{own} is each silo's own: 'cluster' gives it."));
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            await using var silos = new LocalSilos(result.UnmatchedTokens);
            return await silos.RunAsync(result.GetValue(count), stop.Token);

            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true; // this process ends when the silos have
                stop.Cancel();
            }
        });
        return command;
    }
}
