namespace Granary.Store.Saving;

/// <summary>What a block of a saved store is.</summary>
internal enum BlockKind
{
    /// <summary>A frame of a shard's feed; every shard's are in order.</summary>
    Frame = 1,

    /// <summary>The last one: how many entries were saved (8 bytes). Without it the file was cut short.</summary>
    End = 2,
}
