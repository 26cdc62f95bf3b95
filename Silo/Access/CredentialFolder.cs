using Granary.Security;
using Granary.Silo.Settings;

namespace Granary.Silo.Access;

/// <summary>What a folder of credentials has; what it has not is not asked of anybody.</summary>
/// <param name="Tls">The certificate of this silo, and whose are let in.</param>
/// <param name="MemcachedUsers">File of those who may use the memcached port.</param>
/// <param name="AccessTokens">File of those who may use the HTTP port.</param>
internal sealed record CredentialFolder(TlsFiles? Tls, string? MemcachedUsers, string? AccessTokens)
{
    public const string MemcachedUsersName = "memcached-users";
    public const string AccessTokensName = "access-tokens";

    /// <summary>None.</summary>
    public static CredentialFolder Empty { get; } = new(null, null, null);

    /// <summary>Looks which files are there.</summary>
    /// <exception cref="SettingsException">There is no such folder, or it has one of the certificate's files and not the others.</exception>
    public static CredentialFolder In(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new SettingsException($"--{SiloOptions.Credentials.Name} is '{folder}'; there is no such folder.");
        }

        TlsFiles tls = TlsFiles.In(folder);
        string[] files = [tls.CertificateFile, tls.KeyFile, tls.AuthorityFile];
        string[] missing = [.. files.Where(file => !File.Exists(file)).Select(file => Path.GetFileName(file))];
        CredentialFolder found = missing.Length is 0 or 3
            ? new(missing.Length == 0 ? tls : null, Find(folder, MemcachedUsersName), Find(folder, AccessTokensName))
            : throw new SettingsException(
                $"--{SiloOptions.Credentials.Name} is '{folder}'; it has a part of a certificate, but not {string.Join(", ", missing)}.");
        return found != Empty
            ? found
            : throw new SettingsException(
                $"--{SiloOptions.Credentials.Name} is '{folder}'; none of its files can be seen there: tls.crt, tls.key, ca.crt, "
                + $"{MemcachedUsersName}, {AccessTokensName}.");
    }

    private static string? Find(string folder, string name) =>
        Path.Combine(folder, name) is var file && File.Exists(file) ? file : null;
}
