using System.IO.Hashing;
using System.Text;

namespace Granary;

/// <summary>What is stored and sent instead of a tag. Part of the wire format: it never changes.</summary>
public static class TagHash
{
    /// <summary>Most tags of one entry.</summary>
    public const int MaxTags = 15;

    /// <summary>Longest tag. UTF-16 code units, as <see cref="string.Length"/> counts.</summary>
    public const int MaxLength = 1024;

    /// <summary>XxHash3 of the tag's UTF-8. Two tags that have the same are dropped together, which is a miss too many.</summary>
    /// <exception cref="ArgumentException">The tag is empty or longer than <see cref="MaxLength"/>.</exception>
    public static ulong Of(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        if (tag.Length > MaxLength)
        {
            throw new ArgumentException($"The tag has {tag.Length} characters; it can have {MaxLength}.", nameof(tag));
        }

        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(tag));
    }
}
