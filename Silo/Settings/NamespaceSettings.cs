using System.Text;
using Granary.Memcached.Server;
using Granary.Store.Entries;

namespace Granary.Silo.Settings;

/// <summary>The namespaces of the cache, and who is confined to them, read and checked.</summary>
internal sealed class NamespaceSettings(IConfiguration configuration)
{
    private const string ReadOnly = ":read";

    public IReadOnlyList<StoreNamespace> All { get; } = NamespacesOf(configuration);

    /// <summary>By user.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NamespaceGrant>> Access { get; } = AccessOf(configuration);

    /// <summary>Checks what concerns both, and the users.</summary>
    /// <exception cref="SettingsException">Somebody would be confined to nothing, or nobody.</exception>
    public void Validate(string? users)
    {
        string text = SiloSettings.Text(configuration, MemcachedOptions.Access);
        if (Access.Count > 0 && users is null)
        {
            throw SiloSettings.Wrong(MemcachedOptions.Access, text, $"it needs --{MemcachedOptions.Users.Name}");
        }

        foreach (NamespaceGrant grant in Access.SelectMany(static user => user.Value))
        {
            if (!All.Any(space => string.Equals(space.Name, grant.Namespace, StringComparison.Ordinal)))
            {
                throw SiloSettings.Wrong(
                    MemcachedOptions.Access, text, $"there is no '{grant.Namespace}' in --{SiloOptions.Namespaces.Name}");
            }
        }
    }

    private static StoreNamespace[] NamespacesOf(IConfiguration configuration)
    {
        string text = SiloSettings.Text(configuration, SiloOptions.Namespaces);
        StoreNamespace[] all = [.. Parts(text, ',').Select(Parse)];
        return StoreNamespace.Fault(all) is { } fault
            ? throw SiloSettings.Wrong(SiloOptions.Namespaces, text, fault.TrimEnd('.'))
            : all;

        // NAME[@PREFIX][=SIZE]
        StoreNamespace Parse(string one)
        {
            int equals = one.LastIndexOf('=');
            long quota = 0;
            if (equals >= 0 && !ByteSize.TryParse(one[(equals + 1)..], out quota))
            {
                throw SiloSettings.Wrong(
                    SiloOptions.Namespaces, text, "it must be NAME, NAME=SIZE or NAME@PREFIX=SIZE, with commas between");
            }

            string[] names = (equals < 0 ? one : one[..equals]).Split('@', 2);
            return new StoreNamespace(names[0], Encoding.UTF8.GetBytes(names.Length > 1 ? names[1] : $"{names[0]}:"), quota);
        }
    }

    private static Dictionary<string, IReadOnlyList<NamespaceGrant>> AccessOf(IConfiguration configuration)
    {
        string text = SiloSettings.Text(configuration, MemcachedOptions.Access);
        var access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal);
        foreach (string one in Parts(text, ','))
        {
            string[] sides = one.Split('=', 2);
            NamespaceGrant[] grants = sides.Length == 2 ? [.. Parts(sides[1], '+').Select(GrantOf)] : [];
            if (grants.Length == 0 || sides[0].Length == 0 || !access.TryAdd(sides[0], grants))
            {
                throw SiloSettings.Wrong(
                    MemcachedOptions.Access, text, "it must be USER=NAMESPACE, or USER=NAMESPACE+NAMESPACE:read, with commas between, each user once");
            }
        }

        return access;
    }

    private static NamespaceGrant GrantOf(string text) => text.EndsWith(ReadOnly, StringComparison.Ordinal)
        ? new NamespaceGrant(text[..^ReadOnly.Length], MayWrite: false)
        : new NamespaceGrant(text, MayWrite: true);

    private static string[] Parts(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
