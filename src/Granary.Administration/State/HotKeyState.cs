namespace Granary.Administration.State;

/// <summary>A key that is used much, by a sample.</summary>
/// <param name="Key">A text, or base 64.</param>
/// <param name="IsBinary">Whether it is base 64, because it is no text.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Silo">Who serves that.</param>
/// <param name="ReadsPerSecond">About.</param>
/// <param name="WritesPerSecond">About.</param>
/// <param name="Share">Of all operations of the cluster: 0 to 1.</param>
public sealed record HotKeyState(
    string Key, bool IsBinary, int Shard, string Silo, double ReadsPerSecond, double WritesPerSecond, double Share);
