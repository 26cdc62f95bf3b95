using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Security;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Access;

/// <summary>A user file that changes while the port is open.</summary>
public sealed class UserFileTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<UserFile> _logger = new();
    private readonly TemporaryUserFile _file = new("ann:first\n");
    private readonly UserFile _users;

    public UserFileTests() => _users = new UserFile(_file.Path, _time, _logger);

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        File.Delete(_file.Path);

        GranaryException exception = Assert.Throws<GranaryException>(_users.Load);

        Assert.Contains(_file.Path, exception.Message, StringComparison.Ordinal);
        Assert.False(_users.Contains("ann"u8, "first"u8));
    }

    [Fact]
    public void Load_BrokenRule_NamesFileLineAndRuleButNoPassword()
    {
        _file.Write("ann:first\nbob:se cret\n");

        GranaryException exception = Assert.Throws<GranaryException>(_users.Load);

        Assert.Equal(
            $"User file {_file.Path}: line 2: it must have no spaces or control characters.", exception.Message);
    }

    [Fact]
    public void File_Changed_CountsAfterTheNextReading()
    {
        _users.Load();
        _file.Write("ann:second\n");
        Assert.True(_users.Contains("ann"u8, "first"u8));

        _time.Advance(ReloadedFiles<UserList>.CheckInterval);

        Assert.True(_users.Contains("ann"u8, "second"u8));
        Assert.False(_users.Contains("ann"u8, "first"u8));
        Assert.Empty(_logger.Warnings);
    }

    [Fact]
    public void File_InvalidOrMissing_KeepsTheUsersAndWarnsOnceForEachChange()
    {
        _users.Load();

        _file.Write("ann\n");
        LookThrice();
        string invalid = Assert.Single(_logger.Warnings);
        File.Delete(_file.Path);
        LookThrice();
        Assert.Equal(2, _logger.Warnings.Length);
        _file.Write("bob\n");
        LookThrice();
        Assert.Equal(3, _logger.Warnings.Length);

        Assert.True(_users.Contains("ann"u8, "first"u8));
        Assert.Equal(
            $"User file {_file.Path}: line 1: it must be user:password, neither empty. The memcached port keeps the users that it has.",
            invalid);
        _file.Write("ann:second\n");
        LookThrice();
        Assert.True(_users.Contains("ann"u8, "second"u8));
        Assert.Equal(3, _logger.Warnings.Length);
    }

    [Fact]
    public void File_MountedByKubernetes_ChangesWithTheLinkAboveIt()
    {
        MountSecret("1", "ann:first\n");
        string path = Path.Combine(_file.Folder, "mounted");
        File.CreateSymbolicLink(path, Path.Combine("..data", "users"));
        var users = new UserFile(path, _time, _logger);
        users.Load();

        MountSecret("2", "ann:second\n");
        _time.Advance(ReloadedFiles<UserList>.CheckInterval);

        Assert.True(users.Contains("ann"u8, "second"u8));
        Assert.False(users.Contains("ann"u8, "first"u8));
    }

    // ..data is a link to the folder of a version.
    private void MountSecret(string version, string text)
    {
        Directory.CreateDirectory(Path.Combine(_file.Folder, version));
        File.WriteAllText(Path.Combine(_file.Folder, version, "users"), text);
        string link = Path.Combine(_file.Folder, "..data");
        File.Delete(link);
        File.CreateSymbolicLink(link, version);
    }

    private void LookThrice()
    {
        for (int reading = 0; reading < 3; reading++)
        {
            _time.Advance(ReloadedFiles<UserList>.CheckInterval);
            _ = _users.Contains("ann"u8, "any"u8);
        }
    }
}
