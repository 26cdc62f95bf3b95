using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>The options of an operation on the wire between silos, as the store says them.</summary>
public static class StoreOptionsOf
{
    /// <summary>Of a read.</summary>
    /// <param name="options">The options.</param>
    /// <param name="expiration">The operation's.</param>
    public static ReadOptions Read(in OperationOptions options, long expiration) => new()
    {
        WantsValue = options.Has(OperationBits.WantsValue),
        WantsUse = options.Has(OperationBits.WantsUse),
        Touch = TouchOf(options, expiration),
        Creation = CreationOf(options),
        NewCas = options.NewCas,
        HasBinaryKey = options.Has(OperationBits.HasBinaryKey),
        Refresh = options.Has(OperationBits.Refreshes) ? new Expiration(options.Refresh) : null,
        RefreshesAfterTouch = options.Has(OperationBits.RefreshesAfterTouch),
        IsNoUse = options.Has(OperationBits.IsNoUse),
        IsInspection = options.Has(OperationBits.IsInspection),
        Watches = options.Has(OperationBits.Watches),
        TakesNoToken = options.Has(OperationBits.TakesNoToken),
    };

    /// <summary>Of a store.</summary>
    /// <param name="options">The options.</param>
    /// <param name="flags">The client's.</param>
    /// <param name="expiration">The operation's.</param>
    /// <param name="window">The operation's.</param>
    public static PutOptions Put(in OperationOptions options, uint flags, long expiration, long window = 0) => new()
    {
        Mode = LocalOperations.ModeOf(options.Mode),
        Flags = flags,
        Expiration = new Expiration(expiration).Sliding(window),
        Compare = options.Compare,
        Tags = new EntryTags(options.Tags),
        AcceptsStale = options.Has(OperationBits.MarksStale),
        NewCas = options.NewCas,
        Creation = CreationOf(options),
        HasBinaryKey = options.Has(OperationBits.HasBinaryKey),
    };

    /// <summary>Of a deletion.</summary>
    /// <param name="options">The options.</param>
    /// <param name="flags">The client's, of what stays.</param>
    /// <param name="expiration">The operation's.</param>
    public static DeleteOptions Delete(in OperationOptions options, uint flags, long expiration) => new()
    {
        Compare = options.Has(OperationBits.Compares) ? options.Compare : null,
        MarksStale = options.Has(OperationBits.MarksStale),
        DropsValue = options.Has(OperationBits.DropsValue),
        Flags = flags,
        Touch = TouchOf(options, expiration),
        NewCas = options.NewCas,
    };

    /// <summary>Of a count.</summary>
    /// <param name="options">The options.</param>
    /// <param name="delta">How much.</param>
    /// <param name="expiration">The operation's.</param>
    public static CountOptions Count(in OperationOptions options, ulong delta, long expiration) => new()
    {
        Delta = delta,
        IsNegative = options.Has(OperationBits.IsNegative),
        Compare = options.Compare,
        NewCas = options.NewCas,
        Touch = TouchOf(options, expiration),
        Creation = CreationOf(options),
        Initial = options.Initial,
        HasBinaryKey = options.Has(OperationBits.HasBinaryKey),
    };

    private static Expiration? TouchOf(in OperationOptions options, long expiration) =>
        options.Has(OperationBits.Touches) ? new Expiration(expiration) : null;

    private static Expiration? CreationOf(in OperationOptions options) =>
        options.Has(OperationBits.Creates) ? new Expiration(options.Creation) : null;
}
