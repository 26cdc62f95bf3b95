using System.Runtime.Versioning;
using Granary.Silo.Access;
using Granary.Silo.Settings;
using Microsoft.Extensions.Configuration;

namespace Granary.ClusterTests.Security;

/// <summary>With which credentials a silo starts off loopback, and what its own command makes.</summary>
public sealed class CredentialSettingsTests : IDisposable
{
    private readonly CredentialSet _set = CredentialSet.Create();

    public void Dispose() => _set.Dispose();

    [Theory]
    [InlineData(null, "false", true)]
    [InlineData("tls.crt tls.key ca.crt", "false", false, "silo")]
    [InlineData("tls.crt tls.key ca.crt", "silo, http", true)] // HTTP needs the certificate as well
    [InlineData("tls.crt tls.key ca.crt", "silo", false, "http")]
    [InlineData("memcached-users", "false", false, "memcached")]
    [InlineData("memcached-users", "memcached", true)]
    [InlineData("access-tokens", "silo,memcached", false, "http")]
    [InlineData("access-tokens", "http", true)]
    [InlineData("access-tokens memcached-users", "true", true)]
    public void Silo_OffLoopback_NamesEachPortThatNothingProtects(
        string? missing, string insecure, bool starts, string? named = null)
    {
        foreach (string file in missing?.Split(' ') ?? [])
        {
            File.Delete(Path.Combine(_set.SiloFolder, file));
        }

        SiloSettings settings = Read(
            (SiloOptions.Bind.Key, "0.0.0.0"),
            (SiloOptions.Advertise.Key, "10.1.2.3"),
            (SiloOptions.Insecure.Key, insecure),
            (SiloOptions.Credentials.Key, _set.SiloFolder));

        Exception? refusal = Record.Exception(settings.Validate);

        Assert.Equal(starts, refusal is null);
        Assert.True(starts || (refusal is SettingsException && refusal.Message.Contains($"{named} (no ", StringComparison.Ordinal)), refusal?.Message);
    }

    [Fact]
    public void Credentials_WithAPartOfACertificate_NameWhatIsMissing()
    {
        File.Delete(Path.Combine(_set.SiloFolder, "tls.key"));

        Assert.Contains(
            "tls.key",
            Assert.Throws<SettingsException>(() => Read((SiloOptions.Credentials.Key, _set.SiloFolder))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("silo,")]
    [InlineData("gateway")]
    public void Insecure_OfAPortThatIsNone_IsNamed(string ports)
    {
        SiloSettings settings = Read((SiloOptions.Insecure.Key, ports));

        Assert.Contains("--insecure", Assert.Throws<SettingsException>(settings.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemcachedTls_WithoutACertificate_IsNamed() => Assert.Contains(
        "--memcached-tls",
        Assert.Throws<SettingsException>(Read((SiloOptions.MemcachedTls.Key, "true")).Validate).Message,
        StringComparison.Ordinal);

    [Fact]
    public void NewCredentials_InAFolderThatHasSome_AreRefused()
    {
        string folder = Path.GetDirectoryName(_set.SiloFolder)!;

        Assert.Throws<SettingsException>(() => NewCredentials.Write(folder, [], TimeSpan.FromDays(1), TimeProvider.System));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")] // files have no mode there
    public void NewCredentials_OfWhomeverTheyAre_AreReadByTheirOwnerAlone()
    {
        string[] files = Directory.GetFiles(Path.GetDirectoryName(_set.SiloFolder)!, "*", SearchOption.AllDirectories);

        Assert.Equal(10, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("viewer:ann:0123456789012345678901234", null)]
    [InlineData("# a remark\n\n metrics:prometheus:0123456789012345678901234 \r\n", null)]
    [InlineData("viewer:ann:01234567890123456789012", "Line 1")] // a character short
    [InlineData("viewer::0123456789012345678901234", "Line 1")]
    [InlineData("\nadmin:ann:0123456789012345678901234", "Line 2")]
    [InlineData("viewer:a:0123456789012345678901234\nmetrics:b:0123456789012345678901234", "Line 2")]
    public void AccessTokens_OfALine_AreReadOrNamedWithoutTheToken(string text, string? named)
    {
        string file = Path.Combine(_set.SiloFolder, "access-tokens");
        File.WriteAllText(file, text);

        Exception? refusal = Record.Exception(() => AccessTokens.Read(file));

        Assert.Equal(named is null, refusal is null);
        Assert.True(named is null || refusal!.Message.Contains(named, StringComparison.Ordinal), refusal?.Message);
        Assert.DoesNotContain("0123456789", $"{refusal?.Message}", StringComparison.Ordinal);
    }

    private static SiloSettings Read(params (string Key, string Value)[] options) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(options.Select(option => KeyValuePair.Create(option.Key, (string?)option.Value)))
        .Build());
}
