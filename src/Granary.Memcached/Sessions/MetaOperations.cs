using System.Buffers.Text;
using Granary.Memcached.Protocol;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>What a meta command asks for, as silos say it to each other.</summary>
internal static class MetaOperations
{
    /// <summary>Longest key that base64 can say.</summary>
    public const int MaxDecodedKeyBytes = ProtocolLimits.MaxKeyLength;

    /// <summary>The key that a command means.</summary>
    /// <param name="command">The command.</param>
    /// <param name="decoded">Room for it, if it is sent in base64.</param>
    public static ReadOnlySpan<byte> KeyOf(in Command command, Span<byte> decoded)
    {
        if (!command.Meta.Has(MetaOption.BinaryKey))
        {
            return command.Key;
        }

        Base64.DecodeFromUtf8(command.Key, decoded, out _, out int length); // the parser has done it before
        return decoded[..length];
    }

    /// <summary>The operation; its value is not in it.</summary>
    public static PackedOperation From(in Command command, ReadOnlySpan<byte> key) => new()
    {
        Operation = command.Verb switch
        {
            Verb.MetaSet => CacheOperation.PutWith,
            Verb.MetaDelete => CacheOperation.DeleteWith,
            Verb.MetaArithmetic => CacheOperation.CountWith,
            _ => CacheOperation.ReadWith,
        },
        Key = key,
        Flags = command.Flags,
        Expiration = Expirations.From(command.ExpirationSeconds).Raw,
        Number = command.Verb == Verb.MetaArithmetic ? command.Number : 0,
        Options = OptionsOf(command),
    };

    public static OperationOptions OptionsOf(in Command command)
    {
        MetaFlags meta = command.Meta;
        return new OperationOptions
        {
            Bits = command.Verb == Verb.MetaDebug ? DebugBits : BitsOf(command),
            Mode = command.Verb == Verb.MetaSet ? ModeOf(meta) : CacheOperation.None,
            Creation = meta.Has(MetaOption.Create) ? CreationOf(command) : 0,
            Refresh = meta.Has(MetaOption.Refresh) ? Expirations.From(meta.RefreshSeconds).Raw : 0,
            Compare = meta.Compare,
            NewCas = meta.NewCas,
            Initial = meta.Initial,
        };
    }

    /// <summary>Whether a hit of mg is answered with its value: with C only if the client has another one.</summary>
    /// <remarks>The cas is known when the entry was found, so this is for <see cref="MetaAnswers"/> as well.</remarks>
    public static bool WantsValue(in Command command, ulong cas) => command.Meta.Has(MetaOption.Value)
        && !(command.Meta.Has(MetaOption.Compare) && command.Meta.Compare == cas);

    private static OperationBits DebugBits =>
        OperationBits.WantsUse | OperationBits.IsNoUse | OperationBits.IsInspection;

    private static OperationBits BitsOf(in Command command)
    {
        MetaFlags meta = command.Meta;
        OperationBits bits = meta.Has(MetaOption.BinaryKey) ? OperationBits.HasBinaryKey : OperationBits.None;
        bits |= meta.Has(MetaOption.Touch) ? OperationBits.Touches : OperationBits.None;
        bits |= meta.Has(MetaOption.Create) ? OperationBits.Creates : OperationBits.None;
        bits |= meta.Has(MetaOption.Refresh) ? OperationBits.Refreshes : OperationBits.None;
        bits |= meta.Has(MetaOption.RefreshAfterTouch) ? OperationBits.RefreshesAfterTouch : OperationBits.None;
        bits |= meta.Has(MetaOption.Value) ? OperationBits.WantsValue : OperationBits.None;
        bits |= meta.Has(MetaOption.LastUse) ? OperationBits.WantsUse : OperationBits.None;
        bits |= meta.Has(MetaOption.NoUse) ? OperationBits.IsNoUse : OperationBits.None;
        bits |= meta.Has(MetaOption.Compare) ? OperationBits.Compares : OperationBits.None;
        bits |= meta.Has(MetaOption.Stale) ? OperationBits.MarksStale : OperationBits.None;
        bits |= meta.Has(MetaOption.DropValue) ? OperationBits.DropsValue : OperationBits.None;
        bool subtracts = command.Verb == Verb.MetaArithmetic && meta.Mode is (byte)'D' or (byte)'-';
        return bits | (subtracts ? OperationBits.IsNegative : OperationBits.None);
    }

    // To a store T is something else: what is appended to an absent key expires as N says.
    private static long CreationOf(in Command command) => Expirations.From(
        command.Meta.Has(MetaOption.TouchAfterCreate) && command.Verb != Verb.MetaSet
            ? command.ExpirationSeconds
            : command.Meta.CreationSeconds).Raw;

    // A set or replace with a cas is a compare-and-set; an add does not look at it.
    private static CacheOperation ModeOf(in MetaFlags meta) => meta.Mode switch
    {
        (byte)'E' => CacheOperation.Add,
        (byte)'A' => CacheOperation.Append,
        (byte)'P' => CacheOperation.Prepend,
        _ when meta.Has(MetaOption.Compare) => CacheOperation.CompareAndSet,
        (byte)'R' => CacheOperation.Replace,
        _ => CacheOperation.Set,
    };
}
