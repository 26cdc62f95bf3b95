using CsCheck;
using Granary.Store.Entries;
using Granary.Store.Namespaces;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Namespaces;

/// <summary>Which namespace a key belongs to, and which ones may not be together.</summary>
public sealed class NamespaceTableTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab\u0001"], 1, 4];

    [Fact]
    public void Of_IsTheNamespaceWhosePrefixTheKeyBeginsWith() => Gen.Select(Texts.Array[1, 20], Texts.Array[20]).Sample((prefixes, keys) =>
    {
        List<StoreNamespace> namespaces = [];
        foreach (string prefix in prefixes)
        {
            namespaces.Add(Spaces.Make($"n{namespaces.Count}", prefix));
            if (StoreNamespace.Fault(namespaces) is not null)
            {
                namespaces.RemoveAt(namespaces.Count - 1);
            }
        }

        var table = new NamespaceTable(namespaces);
        foreach (string key in keys)
        {
            int number = table.Of(StoreDriver.Bytes(key));
            StoreNamespace? expected = namespaces.Find(space => StoreDriver.Bytes(key).AsSpan().StartsWith(space.Prefix.Span));
            Assert.Same(expected, number == 0 ? null : table[number]);
            Assert.Equal(
                namespaces.Exists(space => space.Prefix.Span.SequenceEqual(StoreDriver.Bytes(key))),
                table.WithPrefix(StoreDriver.Bytes(key)) != 0);
        }
    });

    [Theory]
    [InlineData("a b", "p", 0, "Namespace 'a b' has no name of 1 to 64 letters, digits, '.', '_' or '-'.")]
    [InlineData("", "p", 0, "Namespace '' has no name of 1 to 64 letters, digits, '.', '_' or '-'.")]
    [InlineData("new", "", 0, "The prefix of namespace 'new' has 0 bytes; it must have 1 to 64.")]
    [InlineData("new", "p", 5, "The quota of namespace 'new' is 5; it must be 1048576 to 70368744177664, or 0 for none.")]
    [InlineData("present", "p", 0, "Namespace 'present' is given twice.")]
    [InlineData("new", "present:x", 0, "A key could belong to both namespaces 'present' and 'new': the prefix of one begins with the other's.")]
    [InlineData("new", "pres", 0, "A key could belong to both namespaces 'present' and 'new': the prefix of one begins with the other's.")]
    public void Fault_NamesWhatIsWrong(string name, string prefix, long quotaBytes, string fault)
    {
        StoreNamespace[] namespaces = [Spaces.Make("present", "present:"), Spaces.Make(name, prefix, quotaBytes)];

        Assert.Equal(fault, StoreNamespace.Fault(namespaces));
        var options = new StoreOptions { Namespaces = namespaces };
        Assert.StartsWith(fault, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_IsThereForTheSixtyFourth()
    {
        StoreNamespace[] namespaces = [.. Enumerable.Range(0, 64).Select(number => Spaces.Make($"n{number}", $"{number:00}:"))];

        Assert.Equal("64 namespaces are given; there may be at most 63.", StoreNamespace.Fault(namespaces));
        Assert.Null(StoreNamespace.Fault(namespaces[..63]));
        var table = new NamespaceTable(namespaces[..63]);
        Assert.All(Enumerable.Range(0, 63), number => Assert.Equal($"n{number}", table[table.Of(StoreDriver.Bytes($"{number:00}:key"))].Name));
    }
}
