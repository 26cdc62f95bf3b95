using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Server;

// The file is read every few seconds rather than watched: Kubernetes changes a mounted secret by renaming a link two
// folders up, of which a watcher of the file hears nothing.

/// <summary>The users of a file, and of what becomes of it. Thread-safe.</summary>
internal sealed class UserFile(string path, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How often it is read.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private volatile UserList? _users;
    private string? _lastSeen;
    private ITimer? _timer;

    /// <summary>Whether there is such a user with that password. Before it is loaded there is none.</summary>
    public bool Contains(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password) =>
        _users is { } users && users.Contains(user, password);

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="GranaryException">It cannot be read, or breaks a rule, which the message names.</exception>
    public void Load()
    {
        if (Read() is { } problem)
        {
            throw new GranaryException(problem);
        }
    }

    /// <summary>Reads it again from time to time, from now on.</summary>
    public void Follow() =>
        _timer = time.CreateTimer(static file => ((UserFile)file!).ReadAgain(), this, Period, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void ReadAgain()
    {
        if (Read() is { } problem)
        {
            logger.UsersKept(problem);
        }

        _timer?.Change(Period, Timeout.InfiniteTimeSpan); // only now: a file system that hangs takes one thread
    }

    // Takes the file's users if it has changed. Returns what is wrong with it; nothing the second time.
    private string? Read()
    {
        string? problem = null;
        byte[] text = [];
        try
        {
            text = ReadBytes();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"User file {path}: {exception.Message}";
        }

        string seen = problem ?? Convert.ToHexString(SHA256.HashData(text));
        if (seen == _lastSeen)
        {
            return null;
        }

        _lastSeen = seen;
        if (problem is not null)
        {
            return problem;
        }

        if (!UserList.TryParse(text, out UserList? users, out problem))
        {
            return $"User file {path}: {problem}";
        }

        _users = users;
        logger.UsersRead(users.Count, path);
        return null;
    }

    // One byte more than is allowed says that it is too long, however long it is.
    private byte[] ReadBytes()
    {
        byte[] buffer = new byte[UserList.MaxFileBytes + 1];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }
}
