using System.Security.Cryptography;

namespace Granary.Security;

/// <summary>
/// What is read from files that may be replaced at any time: a use looks at them again at most every
/// <see cref="CheckInterval"/>. By their content, for a mounted secret is replaced by other links. What cannot be used
/// changes nothing. Thread-safe.
/// </summary>
/// <typeparam name="T">What their content means.</typeparam>
public sealed class ReloadedFiles<T>
    where T : class
{
    /// <summary>Time after which a use looks at the files again: 10 s.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of a file: 1 MiB.</summary>
    public const int MaxFileBytes = 1 << 20;

    private readonly string[] _files;
    private readonly Func<T> _load;
    private readonly TimeProvider _time;
    private readonly Action<T> _reloaded;
    private readonly Action<string> _refused;
    private readonly Lock _lock = new();
    private byte[] _seen;
    private string? _lastRefusal;
    private long _checked;
    private volatile T _current;

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="files">All that <paramref name="load"/> reads.</param>
    /// <param name="load">Reads them; throws a <see cref="GranaryException"/> that says what is wrong.</param>
    /// <param name="time">When to look again.</param>
    /// <param name="reloaded">Told of new content.</param>
    /// <param name="refused">Told why a content cannot be used; once, until that changes.</param>
    /// <exception cref="GranaryException">A file cannot be read, is too long, or is refused by <paramref name="load"/>.</exception>
    public ReloadedFiles(IEnumerable<string> files, Func<T> load, TimeProvider time, Action<T> reloaded, Action<string> refused)
    {
        _files = [.. files];
        _load = load;
        _time = time;
        _reloaded = reloaded;
        _refused = refused;
        _checked = time.GetTimestamp();
        _seen = Digest();
        _current = load();
    }

    /// <summary>The last content that could be used.</summary>
    public T Current
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _checked)) >= CheckInterval && _lock.TryEnter())
            {
                try
                {
                    Check();
                }
                finally
                {
                    _lock.Exit();
                }
            }

            return _current;
        }
    }

    private void Check()
    {
        Volatile.Write(ref _checked, _time.GetTimestamp());
        try
        {
            byte[] digest = Digest();
            if (!digest.AsSpan().SequenceEqual(_seen))
            {
                _current = _load(); // half a replacement is refused: the next look finds the other half
                _seen = digest;
                _lastRefusal = null;
                _reloaded(_current);
            }
        }
        catch (GranaryException exception)
        {
            if (!string.Equals(exception.Message, _lastRefusal, StringComparison.Ordinal))
            {
                _lastRefusal = exception.Message;
                _refused(exception.Message);
            }
        }
    }

    private byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in _files)
        {
            hash.AppendData(Read(file));
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Read(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return stream.Length <= MaxFileBytes
                ? File.ReadAllBytes(file)
                : throw new GranaryException($"The file '{file}' is longer than {MaxFileBytes} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryException($"The file '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
