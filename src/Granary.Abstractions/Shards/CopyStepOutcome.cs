namespace Granary.Shards;

/// <summary>What became of a step.</summary>
[GenerateSerializer]
public enum CopyStepOutcome : byte
{
    /// <summary>Applied, now or before.</summary>
    Applied,

    /// <summary>The copy is not known, or steps are missing, or the frame cannot be read: begin anew.</summary>
    Broken,

    /// <summary>The sender does not own the shard any more.</summary>
    Refused,
}
