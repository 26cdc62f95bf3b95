namespace Granary.Queues.Logs;

/// <summary>A row whose checksum was compared.</summary>
/// <param name="FirstOffset">Its first offset.</param>
/// <param name="NextOffset">The one after its last.</param>
/// <param name="Payload">The records.</param>
public sealed record LogRow(long FirstOffset, long NextOffset, ReadOnlyMemory<byte> Payload);
