using System.CommandLine;
using Granary.Silo.Access;

namespace Granary.Silo.Settings;

/// <summary>The command <c>credentials</c>, which makes new ones.</summary>
internal static class CredentialsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to; not there yet, or empty." };
        var hosts = new Option<string>("--hosts")
        {
            Description = "Names and addresses under which browsers and memcached clients find silos, with commas between.",
            HelpName = "NAMES",
            DefaultValueFactory = _ => "localhost,127.0.0.1,::1",
        };
        var days = new Option<int>("--days")
        {
            Description = "Days for which the certificates of silos and clients are valid.",
            HelpName = "N",
            DefaultValueFactory = _ => 365,
        };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3650)
            {
                result.AddError("--days must be from 1 to 3650.");
            }
        });
        var command = new Command("credentials", "Makes new certificates, memcached users and access tokens, and an authority for them.")
        {
            folder, hosts, days,
        };
        command.SetAction(result =>
        {
            string made = result.GetValue(folder)!;
            string[] names = result.GetValue(hosts)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            try
            {
                NewCredentials.Write(made, names, TimeSpan.FromDays(result.GetValue(days)), TimeProvider.System);
            }
            catch (SettingsException exception)
            {
                return Refusal.Tell(exception, System.Console.Error);
            }

            System.Console.Out.Write(NewCredentials.Describe(made));
            return 0;
        });
        return command;
    }
}
