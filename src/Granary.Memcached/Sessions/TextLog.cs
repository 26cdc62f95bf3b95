using Granary.Memcached.Protocol;

namespace Granary.Memcached.Sessions;

/// <summary>Tells of text commands that change an entry.</summary>
internal static class TextLog
{
    /// <summary>Tells what a classic command has done.</summary>
    public static void Tell(CommandLog log, in Command command)
    {
        switch (command.Verb)
        {
            case Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas:
                log.Stored(command.Key);
                break;
            case Verb.Delete:
                log.Deleted(command.Key);
                break;
            default: // memcached tells of no others
                break;
        }
    }
}
