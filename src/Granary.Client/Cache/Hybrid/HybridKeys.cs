using System.Security.Cryptography;
using System.Text;
using Granary.Wire;

namespace Granary.Client.Cache.Hybrid;

/// <summary>Keys and tags as the cluster knows them. Thread-safe.</summary>
/// <param name="prefix">Stands before each.</param>
internal sealed class HybridKeys(string prefix)
{
    private const int HashBytes = 71; // sha256/ and 64 digits

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _prefix = Utf8.GetBytes(prefix);

    // A tag that all entries have, so that all can be removed together.
    private readonly string _all = prefix + "granary.hybrid/all";

    /// <summary>Most tags that a caller can give an entry.</summary>
    public static int MaxTags => TagHash.MaxTags - 1;

    /// <summary>Room that <see cref="Of"/> needs. Bytes: no more than that, as it is cleared on each call's stack.</summary>
    public int ScratchLengthOf(string key) =>
        Math.Min(WireLimits.MaxKeyBytes, _prefix.Length + Math.Max(HashBytes, Utf8.GetMaxByteCount(key?.Length ?? 0)));

    /// <summary>The key's bytes; of one that would be too long a hash, of which there are no two.</summary>
    /// <param name="key">The caller's.</param>
    /// <param name="scratch">Of <see cref="ScratchLengthOf"/>.</param>
    /// <exception cref="ArgumentException">The key is empty, or no valid Unicode.</exception>
    public ReadOnlySpan<byte> Of(string key, Span<byte> scratch)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _prefix.CopyTo(scratch);
        if (Utf8.TryGetBytes(key, scratch[_prefix.Length..], out int length))
        {
            return scratch[..(_prefix.Length + length)];
        }

        string hash = $"sha256/{Convert.ToHexStringLower(SHA256.HashData(Utf8.GetBytes(key)))}";
        return scratch[..(_prefix.Length + Utf8.GetBytes(hash, scratch[_prefix.Length..]))];
    }

    /// <summary>The tag; <c>*</c> is the one that all entries have.</summary>
    public string TagOf(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return tag == "*" ? _all : prefix + tag;
    }

    /// <summary>The tags that an entry is stored with.</summary>
    /// <exception cref="ArgumentException">There are too many, or one is <c>*</c>.</exception>
    public IReadOnlyCollection<string> TagsOf(IEnumerable<string>? tags)
    {
        var all = new HashSet<string>(StringComparer.Ordinal) { _all };
        foreach (string tag in tags ?? [])
        {
            if (tag == "*")
            {
                throw new ArgumentException("The tag '*' means all entries; an entry has it without asking.", nameof(tags));
            }

            all.Add(TagOf(tag));
        }

        return all.Count <= MaxTags + 1
            ? all
            : throw new ArgumentException($"There are {all.Count - 1} tags; an entry can have {MaxTags}.", nameof(tags));
    }
}
