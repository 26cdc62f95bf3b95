namespace Granary.Console.Endpoints;

/// <summary>What an operator wants of a queue.</summary>
/// <param name="Queue">Its name, or <c>topic/subscription</c>.</param>
/// <param name="State">Of a purge: which messages.</param>
/// <param name="Position">One message; <see langword="null"/>: all.</param>
/// <param name="Max">At most so many at once.</param>
internal sealed record QueueAction(string Queue, string? State = null, string? Position = null, int Max = 1000);
