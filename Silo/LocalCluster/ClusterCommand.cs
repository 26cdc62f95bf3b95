using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;

namespace Granary.Silo.LocalCluster;

/// <summary>The command <c>cluster</c>: some silos on this machine at once, to try what a cluster does.</summary>
internal static class ClusterCommand
{
    private const int MaxSilos = 16;

    // What the silos have each their own of, beside ports.
    private static readonly SiloOption[] Own =
        [SiloOptions.Name, SiloOptions.Primary, SiloOptions.ClusterStore, SiloOptions.PortFile, SiloOptions.Save];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<int> count = Number("silos", 3, MaxSilos, "N", $"How many; 1 to {MaxSilos}.");
        Option<int> memcached = FirstPort(SiloOptions.MemcachedPort);
        Option<int> silo = FirstPort(SiloOptions.SiloPort);
        Option<int> gateway = FirstPort(SiloOptions.GatewayPort);
        Option<int> http = FirstPort(SiloOptions.HttpPort);
        var command = new Command("cluster", "Runs some silos on this machine. Other options go to each of them.")
        {
            count, memcached, silo, gateway, http,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, cancellationToken) =>
        {
            string? own = result.UnmatchedTokens
                .Select(static token => token.Split('=', ':')[0]) // --name=x, --name:x
                .FirstOrDefault(static token => Array.Exists(Own, option => token == $"--{option.Name}"));
            if (own is not null)
            {
                var refusal = new SettingsException($"{own} is each silo's own: 'cluster' gives it.");
                return Task.FromResult(Refusal.Tell(refusal, result.InvocationConfiguration.Error));
            }

            var first = new Ports(
                result.GetValue(memcached), result.GetValue(silo), result.GetValue(gateway), result.GetValue(http));
            return RunAsync(first, result.UnmatchedTokens, result.GetValue(count), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Ports first, IReadOnlyList<string> arguments, int count, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var silos = new LocalSilos(first, arguments);
        return await silos.RunAsync(count, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // this process ends when the silos have
            stop.Cancel();
        }
    }

    private static Option<int> FirstPort(SiloOption option) => Number(
        option.Name,
        int.Parse(option.Default, CultureInfo.InvariantCulture),
        IPEndPoint.MaxPort - MaxSilos + 1,
        option.ValueName,
        "Of the first silo; each further one has the port that follows.");

    // From 1 on.
    private static Option<int> Number(string name, int usual, int max, string valueName, string description)
    {
        var number = new Option<int>($"--{name}")
        {
            Description = description,
            HelpName = valueName,
            DefaultValueFactory = _ => usual,
        };
        number.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > max))
            {
                result.AddError($"--{name} must be from 1 to {max}.");
            }
        });
        return number;
    }
}
