using Granary.Silo.Access;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>What concerns several flags, or those that are not given.</summary>
internal static class Completion
{
    // Of memcached built with its own file of passwords: lines user:password, too.
    private const string PasswordsVariable = "MEMCACHED_SASL_PWDB";

    private const string PortFileVariable = "MEMCACHED_PORT_FILENAME";

    // Those of a silo that no memcached has: any free ones, so that as many run on a machine as before.
    private static readonly SiloOption[] OtherPorts = [SiloOptions.SiloPort, SiloOptions.GatewayPort, SiloOptions.HttpPort];

    /// <summary>Completes what the flags and the silo's own options on the line have set.</summary>
    /// <exception cref="SettingsException">They contradict each other, or something would be open that must not.</exception>
    public static void Complete(Translation line)
    {
        SetDefaults(line);
        SetAddresses(line);
        SetUsers(line);
        CheckItemSize(line);
        CheckUser(line);
        CheckDaemon(line);
        SetVerbosity(line);
        if (line.IgnoredWords.Count > 0)
        {
            line.Note($"-o {string.Join(',', line.IgnoredWords)} is ignored: it has no subject here.");
        }

        if (Environment.GetEnvironmentVariable(PortFileVariable) is { Length: > 0 } file)
        {
            line.SetKey(MemcachedOptions.PortFileKey, Path.GetFullPath(file));
        }
    }

    private static void SetDefaults(Translation line)
    {
        line.SetDefault(SiloOptions.Memory, "64MiB");
        line.SetDefault(SiloOptions.MaxConnections, "1024");
        line.SetDefault(SiloOptions.MemcachedThreads, "4");
        foreach (SiloOption port in OtherPorts)
        {
            line.SetDefault(port, "0");
        }
    }

    private static void SetAddresses(Translation line)
    {
        if (line.IsSet(MemcachedOptions.Socket))
        {
            line.SetDefault(MemcachedOptions.Tcp, "false"); // as in memcached, whatever -p says
            if (line.Settings[MemcachedOptions.Tcp.Key] == "false")
            {
                return;
            }
        }
        else if (line.HasNoTcp)
        {
            throw Translation.Wrong("-p", "0", "without -s FILE no client could connect");
        }

        if (line.Listen.Count == 0)
        {
            if (!line.IsSet(MemcachedOptions.Bind) && !line.IsSet(SiloOptions.Bind))
            {
                line.Note("There is no -l: the silo listens on loopback, where memcached would on every address.");
            }

            return;
        }

        List<string> addresses = ListenAddresses.Resolve(line);
        line.SetDefault(MemcachedOptions.Bind, string.Join(',', addresses));
    }

    private static void SetUsers(Translation line)
    {
        bool hasUsers = line.IsSet(MemcachedOptions.Users)
            || (line.Settings.GetValueOrDefault(SiloOptions.Credentials.Key) is { } folder
                && File.Exists(Path.Combine(folder, CredentialFolder.MemcachedUsersName)));
        if (line.HasSasl)
        {
            if (!hasUsers && Environment.GetEnvironmentVariable(PasswordsVariable) is { Length: > 0 } passwords)
            {
                line.Set(MemcachedOptions.Users, passwords);
                hasUsers = true;
            }

            if (!hasUsers)
            {
                throw new SettingsException(
                    $"-S is given and nothing says who may connect: Granary does not read SASL's own database. Say -Y FILE, or {PasswordsVariable} in "
                    + "the environment: lines user:password.");
            }

            line.SetDefault(MemcachedOptions.Protocol, "binary");
            if (line.Settings[MemcachedOptions.Protocol.Key] == "text")
            {
                throw Translation.Wrong("-B", "ascii", "with -S it must be binary or auto: SASL is of the binary protocol");
            }
        }

        if (!hasUsers && !line.IsSet(SiloOptions.Insecure) && ListenAddresses.FirstExposed(line) is { } exposed)
        {
            throw Translation.Wrong(
                "-l",
                exposed,
                "everybody who reaches it could use the port. Say who may with -Y FILE or --credentials FOLDER, or --insecure memcached if "
                + "that is what you want");
        }
    }

    private static void CheckItemSize(Translation line)
    {
        if (line.IsSet(SiloOptions.MaxItem)
            && ByteSize.TryParse(line.Settings[SiloOptions.MaxItem.Key]!, out long item)
            && ByteSize.TryParse(line.Settings[SiloOptions.Memory.Key]!, out long memory)
            && item > memory / 2)
        {
            throw Translation.Wrong("-I", ByteSize.Format(item), $"it must be at most half of -m, which is {ByteSize.Format(memory)}");
        }
    }

    private static void CheckDaemon(Translation line)
    {
        if (line.IsDaemon && OperatingSystem.IsWindows())
        {
            throw new SettingsException("-d is given; Windows has no daemons, but services.");
        }
    }

    // Without the right to become somebody else memcached stays who it is, too.
    private static void CheckUser(Translation line)
    {
        if (line.User is not null && !Privileges.IsRoot)
        {
            line.User = null;
        }
    }

    private static void SetVerbosity(Translation line)
    {
        if (line.Verbosity > 0)
        {
            line.SetKey("Logging:LogLevel:Granary", "Debug");
        }

        if (line.Verbosity > 1)
        {
            line.SetKey("Logging:LogLevel:Default", "Information");
        }

        if (line is { Verbosity: > 0, IsDaemon: true })
        {
            line.Note("-v is of use until the silo is ready: a daemon has nowhere to say more.");
        }
    }
}
