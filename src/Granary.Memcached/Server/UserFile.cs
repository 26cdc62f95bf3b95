using Granary.Security;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Server;

/// <summary>The users of a file that may be replaced at any time. Thread-safe.</summary>
internal sealed class UserFile(string path, TimeProvider time, ILogger logger)
{
    private ReloadedFiles<UserList>? _users;

    /// <summary>Whether there is such a user with that password. Before it is loaded there is none.</summary>
    public bool Contains(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password) =>
        _users is { } users && users.Current.Contains(user, password);

    /// <summary>Whether there is a user of that name.</summary>
    public bool Has(string name) => _users is { } users && users.Current.Has(name);

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="GranaryException">It cannot be read, or breaks a rule, which the message names.</exception>
    public void Load() => _users = new ReloadedFiles<UserList>(
        [path], Read, time, users => logger.UsersRead(users.Count, path), logger.UsersKept);

    private UserList Read()
    {
        try
        {
            return UserList.TryParse(File.ReadAllBytes(path), out UserList? users, out string? problem)
                ? users
                : throw new GranaryException($"User file {path}: {problem}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryException($"User file {path}: {exception.Message}", exception);
        }
    }
}
