namespace Granary;

/// <summary>
/// One reading for all who ask within a moment: the instruments of a meter are asked one after another, and what they
/// tell is to fit together. Thread-safe.
/// </summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="read">Reads it. One at a time.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class SharedReading<T>(Func<T> read, TimeProvider time)
{
    // Longer than a scrape takes, shorter than what lies between two.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long? _readAt;
    private T? _value;

    /// <summary>What there is, or was a tenth of a second ago.</summary>
    public T Value
    {
        get
        {
            lock (_lock)
            {
                if (_readAt is not { } readAt || time.GetElapsedTime(readAt) > Moment)
                {
                    _value = read();
                    _readAt = time.GetTimestamp();
                }

                return _value!;
            }
        }
    }
}
