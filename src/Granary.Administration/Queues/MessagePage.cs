namespace Granary.Administration.Queues;

/// <summary>Messages of one state.</summary>
/// <param name="Messages">In the order of their positions.</param>
/// <param name="Next">Where the next page begins; <see langword="null"/>: there is none.</param>
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, string? Next);
