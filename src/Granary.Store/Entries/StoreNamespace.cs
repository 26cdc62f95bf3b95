namespace Granary.Store.Entries;

/// <summary>
/// The keys that begin with some bytes: their entries are counted by themselves, kept under a quota, and dropped as one.
/// </summary>
/// <param name="Name">What people call it: 1 to <see cref="MaxNameLength"/> letters, digits, <c>.</c>, <c>_</c> or <c>-</c>.</param>
/// <param name="Prefix">What its keys begin with: 1 to <see cref="MaxPrefixBytes"/> bytes.</param>
/// <param name="QuotaBytes">
/// The most that its records may take in all shards of the cluster, headers included. Bytes; 0 for no bound.
/// </param>
public sealed record StoreNamespace(string Name, ReadOnlyMemory<byte> Prefix, long QuotaBytes)
{
    /// <summary>Most namespaces of a store: what six bits of the index can number.</summary>
    public const int MaxCount = 63;

    /// <summary>Longest name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Longest prefix. Bytes.</summary>
    public const int MaxPrefixBytes = 64;

    /// <summary>Smallest quota: 4 KiB for each of 256 shards. Bytes.</summary>
    public const long SmallestQuotaBytes = 1 << 20;

    /// <summary>Greatest quota: its part for any number of shards is found without an overflow. Bytes.</summary>
    public const long GreatestQuotaBytes = 1L << 46;

    /// <summary>What is wrong with some namespaces of one store.</summary>
    /// <returns>A sentence that names it; <see langword="null"/> if nothing is.</returns>
    public static string? Fault(IReadOnlyList<StoreNamespace> namespaces)
    {
        if (namespaces.Count > MaxCount)
        {
            return $"{namespaces.Count} namespaces are given; there may be at most {MaxCount}.";
        }

        for (int index = 0; index < namespaces.Count; index++)
        {
            string? fault = namespaces[index].Fault();
            for (int other = 0; other < index && fault is null; other++)
            {
                fault = namespaces[index].Conflict(namespaces[other]);
            }

            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? Fault()
    {
        if (Name.Length is 0 or > MaxNameLength || !Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            return $"Namespace '{Name}' has no name of 1 to {MaxNameLength} letters, digits, '.', '_' or '-'.";
        }

        if (Prefix.Length is 0 or > MaxPrefixBytes)
        {
            return $"The prefix of namespace '{Name}' has {Prefix.Length} bytes; it must have 1 to {MaxPrefixBytes}.";
        }

        return QuotaBytes is 0 or (>= SmallestQuotaBytes and <= GreatestQuotaBytes)
            ? null
            : $"The quota of namespace '{Name}' is {QuotaBytes}; "
                + $"it must be {SmallestQuotaBytes} to {GreatestQuotaBytes}, or 0 for none.";
    }

    private string? Conflict(StoreNamespace other)
    {
        if (string.Equals(Name, other.Name, StringComparison.Ordinal))
        {
            return $"Namespace '{Name}' is given twice.";
        }

        return Prefix.Span.StartsWith(other.Prefix.Span) || other.Prefix.Span.StartsWith(Prefix.Span)
            ? $"A key could belong to both namespaces '{other.Name}' and '{Name}': the prefix of one begins with the other's."
            : null;
    }
}
