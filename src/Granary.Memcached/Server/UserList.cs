using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Granary.Memcached.Server;

/// <summary>Users and their passwords, as hashes. Immutable.</summary>
internal sealed class UserList
{
    /// <summary>Most users. memcached's 8 are few for a cluster that many teams share.</summary>
    public const int MaxUsers = 64;

    /// <summary>Longest line, its end not counted. Bytes. memcached's.</summary>
    public const int MaxLineBytes = 255;

    /// <summary>Longest file. Bytes.</summary>
    public const int MaxFileBytes = MaxUsers * (MaxLineBytes + 1);

    private readonly List<byte[]> _hashes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private UserList()
    {
    }

    public int Count => _hashes.Count;

    /// <summary>Reads <c>user:password</c> lines, ended by LF or CR LF. Empty ones count for nothing.</summary>
    /// <param name="text">The file.</param>
    /// <param name="users">The users; a name may have several passwords, which is how one is changed.</param>
    /// <param name="problem">The first line that is wrong and the rule. Has nothing of the text in it.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> text, [NotNullWhen(true)] out UserList? users, [NotNullWhen(false)] out string? problem)
    {
        users = null;
        if (text.Length > MaxFileBytes)
        {
            problem = $"it must be at most {MaxFileBytes} bytes long.";
            return false;
        }

        var list = new UserList();
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = text[range];
            line = line.EndsWith((byte)'\r') ? line[..^1] : line;
            problem = line.IsEmpty ? null : list.TryAdd(line);
            if (problem is not null)
            {
                problem = $"line {number}: {problem}";
                return false;
            }
        }

        users = list.Count > 0 ? list : null;
        problem = "it must have a line user:password.";
        return users is not null;
    }

    /// <summary>Whether there is a user of that name.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Whether there is such a user with that password. Takes as long whatever is right or wrong.</summary>
    public bool Contains(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(user, password, hash);
        bool isRight = false;
        foreach (byte[] known in _hashes)
        {
            isRight |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isRight;
    }

    // The known ones have no space in them: so with one between them no other pair is the same bytes, whatever a client sends.
    private static void Hash(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(user);
        sha.AppendData(" "u8);
        sha.AppendData(password);
        sha.GetHashAndReset(hash);
    }

    // Returns the rule that the line breaks.
    private string? TryAdd(ReadOnlySpan<byte> line)
    {
        int userLength = line.IndexOf((byte)':');
        if (line.Length > MaxLineBytes)
        {
            return $"it must be at most {MaxLineBytes} bytes long.";
        }

        if (userLength <= 0 || userLength == line.Length - 1)
        {
            return "it must be user:password, neither empty.";
        }

        if (line.ContainsAnyInRange((byte)0, (byte)' ') || line.Contains((byte)0x7F))
        {
            return "it must have no spaces or control characters.";
        }

        if (_hashes.Count == MaxUsers)
        {
            return $"there must be at most {MaxUsers} users.";
        }

        byte[] hash = new byte[SHA256.HashSizeInBytes];
        Hash(line[..userLength], line[(userLength + 1)..], hash);
        _hashes.Add(hash);
        _names.Add(Encoding.UTF8.GetString(line[..userLength]));
        return null;
    }
}
