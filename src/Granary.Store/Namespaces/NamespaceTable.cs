using Granary.Store.Entries;

namespace Granary.Store.Namespaces;

// In the order of their prefixes, none of which begins with another. So only one can be a key's: the last one that does
// not come after the key. What lies between a prefix and a key that begins with it begins with it as well.

/// <summary>The namespaces of a store, numbered from 1; 0 is none.</summary>
internal sealed class NamespaceTable
{
    private const int FirstBytes = 256;

    private readonly StoreNamespace[] _namespaces;
    private readonly byte[] _begins = new byte[FirstBytes + 1]; // where prefixes with a first byte begin

    public NamespaceTable(IEnumerable<StoreNamespace> namespaces)
    {
        _namespaces = [.. namespaces];
        Array.Sort(_namespaces, static (left, right) => left.Prefix.Span.SequenceCompareTo(right.Prefix.Span));
        for (int first = 0; first < FirstBytes; first++)
        {
            _begins[first + 1] = (byte)_namespaces.Count(space => space.Prefix.Span[0] <= first);
        }
    }

    public int Count => _namespaces.Length;

    public StoreNamespace this[int number] => _namespaces[number - 1];

    /// <summary>The number of a key's namespace; 0 if it has none.</summary>
    /// <remarks>At most seven comparisons; mostly one.</remarks>
    public int Of(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return 0;
        }

        int low = _begins[key[0]];
        int high = _begins[key[0] + 1];
        if (low == high)
        {
            return 0;
        }

        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (_namespaces[middle].Prefix.Span.SequenceCompareTo(key) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return key.StartsWith(_namespaces[low].Prefix.Span) ? low + 1 : 0;
    }

    /// <summary>The number of the namespace that has exactly this prefix; 0 if none has.</summary>
    public int WithPrefix(ReadOnlySpan<byte> prefix) =>
        Of(prefix) is > 0 and int number && this[number].Prefix.Length == prefix.Length ? number : 0;
}
