namespace Granary.Shards;

/// <summary>What a <see cref="CopyStep"/> does beside adding its frame.</summary>
[Flags, GenerateSerializer]
public enum CopySteps : byte
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>A new copy begins: whatever was held of the shard is dropped first.</summary>
    Begin = 1,

    /// <summary>With this frame the copy has everything that the owner had when the frame was made.</summary>
    Complete = 2,

    /// <summary>The owner has sealed the shard: this is the last frame of a move.</summary>
    Final = 4,

    /// <summary>The copy is not wanted any more.</summary>
    Drop = 8,
}
