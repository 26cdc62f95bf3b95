using System.Runtime.Versioning;
using Granary.Security;
using Granary.Silo.Access;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

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
        SiloSettings settings = ReadWithout(
            missing,
            (SiloOptions.Bind.Key, "0.0.0.0"),
            (SiloOptions.Advertise.Key, "10.1.2.3"),
            (SiloOptions.Insecure.Key, insecure));

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

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "false", false)]
    [InlineData("tls.crt tls.key ca.crt", null, false)]
    public void MemcachedTls_IsOnWithACertificate_UnlessItIsSwitchedOff(string? missing, string? option, bool isOn) =>
        Assert.Equal(isOn, ReadWithout(missing, (SiloOptions.MemcachedTls.Key, option)).HasMemcachedTls);

    [Theory]
    [InlineData(null, null, "credentials on every port")]
    [InlineData(null, "false", "credentials on every port; in clear: memcached passwords")]
    [InlineData("tls.crt tls.key ca.crt", null, "whoever reaches 127.0.0.1 may use: silos and .NET clients; in clear: memcached passwords, access tokens")]
    [InlineData("memcached-users access-tokens", null, "whoever reaches 127.0.0.1 may use: memcached, http")]
    public void Silo_ThatIsReady_SaysWhatIsOpenAndWhatIsInClear(string? missing, string? memcachedTls, string says) =>
        Assert.Equal(says, ReadyAnnouncement.Security(ReadWithout(missing, (SiloOptions.MemcachedTls.Key, memcachedTls))));

    [Fact]
    public void AccessTokens_WhoseFileIsReplaced_AreThoseOfTheNewOne()
    {
        const string Before = "before-0123456789012345678901234";
        const string After = "after-01234567890123456789012345";
        string file = Path.Combine(_set.SiloFolder, "access-tokens");
        var time = new FakeTimeProvider();
        File.WriteAllText(file, $"viewer:ann:{Before}");
        var tokens = new AccessTokens(file, time, NullLogger<AccessTokens>.Instance);

        File.WriteAllText(file, $"viewer:bob:{After}");
        Assert.Equal("ann", tokens.Find(Before)?.Name);
        time.Advance(ReloadedFiles<AccessToken>.CheckInterval);
        Assert.Equal((null, "bob"), (tokens.Find(Before)?.Name, tokens.Find(After)?.Name));
        File.WriteAllText(file, "nobody");
        time.Advance(ReloadedFiles<AccessToken>.CheckInterval);
        Assert.Equal("bob", tokens.Find(After)?.Name);
    }

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

    // With the folder's credentials, less some files of it.
    private SiloSettings ReadWithout(string? missing, params (string Key, string? Value)[] options)
    {
        foreach (string file in missing?.Split(' ') ?? [])
        {
            File.Delete(Path.Combine(_set.SiloFolder, file));
        }

        return Read([.. options, (SiloOptions.Credentials.Key, _set.SiloFolder)]);
    }

    private static SiloSettings Read(params (string Key, string? Value)[] options) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(options.Select(static option => KeyValuePair.Create(option.Key, option.Value)))
        .Build());
}
