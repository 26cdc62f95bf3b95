using System.Globalization;
using System.Security.Cryptography;
using Granary.Security.Certificates;
using Granary.Silo.Settings;

namespace Granary.Silo.Access;

/// <summary>Makes credentials for a laptop, or for a cluster whose team has no authority of its own.</summary>
internal static class NewCredentials
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);

    /// <summary>
    /// Makes the folders <c>silo</c> (all that <c>--credentials</c> takes), <c>client</c> (a .NET client's certificate) and
    /// <c>authority</c> (its key: to be kept elsewhere).
    /// </summary>
    /// <param name="folder">Where; not there yet, or empty.</param>
    /// <param name="hosts">Names and addresses under which browsers and memcached clients find silos.</param>
    /// <param name="lifetime">Of the certificates of silos and clients.</param>
    /// <param name="time">Now.</param>
    /// <exception cref="SettingsException">The folder has something in it, or cannot be written.</exception>
    public static void Write(string folder, IReadOnlyCollection<string> hosts, TimeSpan lifetime, TimeProvider time)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new SettingsException($"The folder '{folder}' is not empty: nothing is replaced.");
        }

        using var authority = new CertificateAuthority(
            $"Granary authority {RandomNumberGenerator.GetHexString(8, lowercase: true)}", AuthorityLifetime, time);
        try
        {
            string silo = Path.Combine(folder, "silo");
            WriteCertificate(silo, authority.Issue("granary silo", PeerRole.Silo, hosts, lifetime), authority);
            WriteFile(silo, CredentialFolder.MemcachedUsersName, $"granary:{NewSecret()}\n");
            WriteFile(silo, CredentialFolder.AccessTokensName, $"operator:admin:{NewSecret()}\nviewer:guest:{NewSecret()}\nmetrics:prometheus:{NewSecret()}\n");
            WriteCertificate(
                Path.Combine(folder, "client"), authority.Issue("granary client", PeerRole.Client, [], lifetime), authority);
            WriteFile(Path.Combine(folder, "authority"), "ca.crt", authority.Certificate);
            WriteFile(Path.Combine(folder, "authority"), "ca.key", authority.ExportKey());
        }
        catch (ArgumentException exception) // a host that is no name
        {
            throw new SettingsException($"--hosts is '{string.Join(',', hosts)}'; {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder '{folder}' cannot be written: {exception.Message}");
        }
    }

    /// <summary>What there is now, and what to do with it.</summary>
    public static string Describe(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Path.Combine(folder, "silo")}       of silos: --credentials {Path.Combine(folder, "silo")}
          memcached-users       user:password of memcached clients
          access-tokens         role:name:token for console, dashboard and metrics
        {Path.Combine(folder, "client")}     of .NET clients: options.Tls = TlsFiles.In("{Path.Combine(folder, "client")}")
        {Path.Combine(folder, "authority")}  whoever has its key lets in whom he wants: keep it elsewhere

        """);

    private static void WriteCertificate(string folder, (string Certificate, string Key) issued, CertificateAuthority authority)
    {
        WriteFile(folder, "tls.crt", issued.Certificate);
        WriteFile(folder, "tls.key", issued.Key);
        WriteFile(folder, "ca.crt", authority.Certificate);
    }

    private static void WriteFile(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var writer = new StreamWriter(Path.Combine(folder, name), options);
        writer.Write(text);
    }

    // Letters and digits: it goes into command lines, headers and memcached's "user password" as it is.
    private static string NewSecret() => RandomNumberGenerator.GetString(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);
}
