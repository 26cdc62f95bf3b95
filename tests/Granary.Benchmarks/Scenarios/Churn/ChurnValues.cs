namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>
/// Values of random lengths: slices of random bytes, each beginning where its key and its length say, so that one that is
/// cut, mixed or another key's shows.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
internal sealed class ChurnValues
{
    public const int LeastBytes = 16;
    public const int GreatestBytes = 1 << 20;

    private const int Starts = 1 << 16;

    private readonly byte[] _bank;
    private readonly double _greatestPower;

    /// <param name="maxBytes">The longest.</param>
    public ChurnValues(int maxBytes)
    {
        _greatestPower = Math.Log((double)maxBytes / LeastBytes);
        _bank = new byte[Starts + maxBytes];
        new Random(1).NextBytes(_bank);
        MaxBytes = maxBytes;
    }

    public int MaxBytes { get; }

    /// <summary>A length: as many between 100 and 200 bytes as between 1,000 and 2,000.</summary>
    public int Length(Random random) => (int)(LeastBytes * Math.Exp(random.NextDouble() * _greatestPower));

    /// <summary>The value that a key has at this length.</summary>
    public ReadOnlySpan<byte> Of(long key, int length) =>
        _bank.AsSpan((int)((ulong)((key * 31) + length) * 0x9E3779B97F4A7C15 >> 48), length); // Fibonacci hashing
}
