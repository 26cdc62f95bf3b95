using Granary.Store.Namespaces;

namespace Granary.Memcached.Server;

/// <summary>The keys that a user may use who is confined to namespaces. Immutable.</summary>
internal sealed class KeyAccess
{
    private readonly HeldNamespaces _namespaces;
    private readonly ulong _readable; // a bit for each namespace's number
    private readonly ulong _writable;

    /// <exception cref="GranaryException">There is no such namespace.</exception>
    public KeyAccess(HeldNamespaces namespaces, string user, IEnumerable<NamespaceGrant> grants)
    {
        _namespaces = namespaces;
        List<int> writable = [];
        foreach (NamespaceGrant grant in grants)
        {
            int number = namespaces.NumberOf(grant.Namespace);
            if (number == 0)
            {
                throw new GranaryException($"The memcached user '{user}' may use namespace '{grant.Namespace}', which there is not.");
            }

            _readable |= 1UL << number;
            if (grant.MayWrite)
            {
                _writable |= 1UL << number;
                writable.Add(number);
            }
        }

        Writable = writable;
    }

    /// <summary>Numbers of the namespaces that may be changed.</summary>
    public IReadOnlyList<int> Writable { get; }

    public bool MayRead(ReadOnlySpan<byte> key) => MaySee(_namespaces.NumberOf(key));

    public bool MayWrite(ReadOnlySpan<byte> key) => (_writable & (1UL << _namespaces.NumberOf(key))) != 0;

    /// <summary>Whether a namespace may be read; 0 is none.</summary>
    public bool MaySee(int number) => (_readable & (1UL << number)) != 0;
}
