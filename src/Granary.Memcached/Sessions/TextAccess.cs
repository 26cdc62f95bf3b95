using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>The text commands of a user who is confined to namespaces: what is not here is refused.</summary>
internal static class TextAccess
{
    private const MetaOption Changing = MetaOption.Touch | MetaOption.Create | MetaOption.Refresh;

    public static bool Allows(KeyAccess access, in Command command) => command.Verb switch
    {
        Verb.Get or Verb.Gets => AllowsAll(access, command, isChange: false),
        Verb.Gat or Verb.Gats => AllowsAll(access, command, isChange: true),
        Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas
            or Verb.Incr or Verb.Decr or Verb.Touch or Verb.Delete => access.MayWrite(command.Key),
        Verb.MetaSet or Verb.MetaDelete or Verb.MetaArithmetic => AllowsMeta(access, command, isChange: true),
        Verb.MetaGet => AllowsMeta(access, command, (command.Meta.Options & Changing) != MetaOption.None),
        Verb.MetaDebug => AllowsMeta(access, command, isChange: false),
        Verb.FlushAll => command.ExpirationSeconds == 0 && access.Writable.Count > 0,
        Verb.Stats => IsOpenSection(command.Arguments),
        Verb.Version or Verb.Verbosity or Verb.MetaNoop or Verb.Quit => true,
        _ => false,
    };

    /// <summary>Whether a section of the statistics has no key of others in it, and changes nothing for them.</summary>
    public static bool IsOpenSection(ReadOnlySpan<byte> section) =>
        section.IsEmpty || section.SequenceEqual("settings"u8) || section.SequenceEqual("items"u8)
        || section.SequenceEqual("slabs"u8) || section.SequenceEqual("sizes"u8)
        || section.SequenceEqual(NamespaceSection.Name);

    private static bool AllowsAll(KeyAccess access, in Command command, bool isChange)
    {
        foreach (ReadOnlySpan<byte> key in command.Keys)
        {
            if (!(isChange ? access.MayWrite(key) : access.MayRead(key)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AllowsMeta(KeyAccess access, in Command command, bool isChange)
    {
        ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
        return isChange ? access.MayWrite(key) : access.MayRead(key);
    }
}
