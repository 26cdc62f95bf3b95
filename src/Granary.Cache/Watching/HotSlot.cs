namespace Granary.Cache.Watching;

/// <summary>What <see cref="HotCopies"/> has of one key. Is its own lock; the copy may be read without.</summary>
internal sealed class HotSlot
{
    private HotCopy? _copy;

    public HotCopy? Copy
    {
        get => Volatile.Read(ref _copy);
        set => Volatile.Write(ref _copy, value);
    }

    /// <summary>The read whose answer is to be kept.</summary>
    public HotRead? Read { get; set; }

    /// <summary>Whether it is in the table no more.</summary>
    public bool IsGone { get; set; }
}
