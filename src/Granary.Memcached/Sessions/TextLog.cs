using System.Runtime.CompilerServices;
using Granary.Memcached.Protocol;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Tells of text commands.</summary>
[SkipLocalsInit] // room for keys in base64, which most have no need of
internal static class TextLog
{
    /// <summary>Tells what a classic command has done that is no retrieval.</summary>
    public static void Tell(CommandLog log, in Command command, CacheStatus status)
    {
        switch (command.Verb)
        {
            case Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas:
                log.Stored(
                    command.Key,
                    Operations.OperationOf(command.Verb),
                    status,
                    Expirations.From(command.ExpirationSeconds),
                    command.ValueLength);
                break;
            case Verb.Delete:
                log.Deleted(command.Key, status);
                break;
            default: // memcached tells of no others
                break;
        }
    }

    /// <summary>Tells what a meta command has done.</summary>
    public static void TellMeta(CommandLog log, in Command command, in PackedReply reply)
    {
        ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
        switch (command.Verb)
        {
            case Verb.MetaGet or Verb.MetaDebug:
                CacheStatus status = reply.State.Has(StateBits.Created) ? CacheStatus.NotFound : reply.Status;
                log.Read(key, status, reply.State.ValueLength, isMeta: true);
                break;
            case Verb.MetaSet:
                log.Stored(
                    key,
                    MetaOperations.OptionsOf(command).Mode,
                    reply.Status,
                    Expirations.From(command.ExpirationSeconds),
                    command.ValueLength,
                    isMeta: true);
                break;
            case Verb.MetaDelete when !command.Meta.Has(MetaOption.Stale) && !command.Meta.Has(MetaOption.DropValue):
                log.Deleted(key, reply.Status, isMeta: true);
                break;
            default:
                break;
        }
    }
}
