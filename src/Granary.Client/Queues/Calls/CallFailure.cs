namespace Granary.Client.Queues.Calls;

/// <summary>What a failed call says about what was asked.</summary>
internal enum CallFailure
{
    /// <summary>The caller is to know: it is wrong, or an operator is needed.</summary>
    Final,

    /// <summary>Not done; to be asked again.</summary>
    NotDone,

    /// <summary>Perhaps done.</summary>
    Unknown,
}
