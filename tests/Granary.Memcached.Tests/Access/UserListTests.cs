using System.Text;
using Granary.Memcached.Server;

namespace Granary.Memcached.Tests.Access;

/// <summary>The lines of a user file, at their bounds.</summary>
public sealed class UserListTests
{
    [Theory]
    [InlineData("ann:secret", "ann", "secret")]
    [InlineData("ann:secret\n", "ann", "secret")]
    [InlineData("ann:secret\r\n", "ann", "secret")]
    [InlineData("\n\nann:secret\n\n", "ann", "secret")]
    [InlineData("bob:x\nann:secret\n", "ann", "secret")]
    [InlineData("ann:old\nann:secret\n", "ann", "secret")]
    [InlineData("ann:old\nann:secret\n", "ann", "old")]
    [InlineData("ann:a:b:", "ann", "a:b:")]
    [InlineData("#:é", "#", "é")]
    [InlineData("a:b", "a", "b")]
    public void TryParse_GoodLines_KnowsTheUser(string text, string user, string password)
    {
        Assert.True(UserList.TryParse(Bytes(text), out UserList? users, out _));

        Assert.True(users.Contains(Bytes(user), Bytes(password)));
        Assert.False(users.Contains(Bytes(user), Bytes(password + "x")));
        Assert.False(users.Contains(Bytes(user), Bytes(password).AsSpan(..^1)));
        Assert.False(users.Contains(Bytes(user + "x"), Bytes(password)));
        Assert.False(users.Contains(Bytes(password), Bytes(user)));
        Assert.False(users.Contains([], []));
    }

    [Fact]
    public void Contains_ThePairCutElsewhere_DoesNotKnowIt()
    {
        Assert.True(UserList.TryParse("a:b:c"u8, out UserList? users, out _));

        Assert.True(users.Contains("a"u8, "b:c"u8));
        Assert.False(users.Contains("a:b"u8, "c"u8));
        Assert.False(users.Contains("a:"u8, "b:c"u8));
    }

    [Theory]
    [InlineData("", "it must have a line user:password.")]
    [InlineData("\n\r\n", "it must have a line user:password.")]
    [InlineData("secret", "line 1: it must be user:password, neither empty.")]
    [InlineData("a:b\n:secret", "line 2: it must be user:password, neither empty.")]
    [InlineData("a:b\n\nsecret:\n", "line 3: it must be user:password, neither empty.")]
    [InlineData("ann:sec ret", "line 1: it must have no spaces or control characters.")]
    [InlineData("a:b\nan n:secret", "line 2: it must have no spaces or control characters.")]
    [InlineData("ann:secret\t", "line 1: it must have no spaces or control characters.")]
    [InlineData("ann:secret\0", "line 1: it must have no spaces or control characters.")]
    [InlineData("ann:sec\rret", "line 1: it must have no spaces or control characters.")]
    [InlineData("ann:secret\u007f", "line 1: it must have no spaces or control characters.")]
    public void TryParse_BadLine_NamesTheLineAndTheRule(string text, string expected)
    {
        Assert.False(UserList.TryParse(Bytes(text), out UserList? users, out string? problem));

        Assert.Null(users);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void TryParse_LongestLine_KnowsTheUserAndOneByteMoreIsRefused()
    {
        string password = new('x', UserList.MaxLineBytes - 2);

        Assert.True(UserList.TryParse(Bytes($"a:{password}\r\n"), out UserList? users, out _));
        Assert.True(users.Contains("a"u8, Bytes(password)));
        Assert.False(UserList.TryParse(Bytes($"b:c\na:{password}x"), out _, out string? problem));
        Assert.Equal("line 2: it must be at most 255 bytes long.", problem);
    }

    [Fact]
    public void TryParse_MostUsers_KnowsAllAndOneMoreIsRefused()
    {
        string text = string.Concat(Enumerable.Range(0, UserList.MaxUsers).Select(number => $"u{number}:p{number}\n"));

        Assert.True(UserList.TryParse(Bytes(text), out UserList? users, out _));
        Assert.Equal(UserList.MaxUsers, users.Count);
        Assert.True(users.Contains("u0"u8, "p0"u8));
        Assert.True(users.Contains("u63"u8, "p63"u8));
        Assert.False(UserList.TryParse(Bytes($"{text}a:b"), out _, out string? problem));
        Assert.Equal("line 65: there must be at most 64 users.", problem);
    }

    [Fact]
    public void TryParse_LongestFile_IsReadAndOneByteMoreIsRefused()
    {
        string line = $"a:{new string('x', UserList.MaxLineBytes - 2)}\n";
        byte[] longest = Bytes(string.Concat(Enumerable.Repeat(line, UserList.MaxUsers)));

        Assert.Equal(UserList.MaxFileBytes, longest.Length);
        Assert.True(UserList.TryParse(longest, out _, out _));
        Assert.False(UserList.TryParse([.. longest, (byte)'\n'], out _, out string? problem));
        Assert.Equal("it must be at most 16384 bytes long.", problem);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
