namespace Granary.Store.HotKeys;

/// <summary>
/// Chooses one in so many operations. The distance to the next one is drawn, or a pattern of the same length as the period
/// would always be met at the same place.
/// </summary>
/// <remarks>
/// An operation that is not chosen pays one decrement, in a cache line that it has anyway, and one branch that is
/// predicted. Under its owner's lock.
/// </remarks>
internal struct SampleCountdown
{
    private readonly uint _distances;
    private uint _random;
    private int _left;

    /// <param name="period">Mean distance: each of 1 to 2 * period - 1 is as likely. Operations.</param>
    /// <param name="seed">Of the distances. Any value.</param>
    public SampleCountdown(int period, uint seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        _distances = checked((uint)((2 * period) - 1));
        _random = seed == 0 ? 1 : seed; // 0 would stay 0
        Restart();
    }

    /// <summary>Counts an operation.</summary>
    /// <returns>Whether it is one of those to look at.</returns>
    public bool Next()
    {
        if (--_left > 0)
        {
            return false;
        }

        Restart();
        return true;
    }

    // Marsaglia, Xorshift RNGs (2003); the upper bits of the product with the range, so no division.
    private void Restart()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        _left = 1 + (int)(((ulong)_random * _distances) >> 32);
    }
}
