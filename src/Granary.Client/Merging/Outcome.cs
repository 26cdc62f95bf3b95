using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>What a status means to its caller: a value, or an exception that names key and rule.</summary>
internal static class Outcome
{
    /// <summary>Whether a read has found something.</summary>
    public static bool IsHit(CacheStatus status) => status switch
    {
        CacheStatus.Success => true,
        CacheStatus.NotFound => false,
        CacheStatus.NoRoom => throw new GranaryUnavailableException(
            "The silo that was asked has no room for the answer now. Nothing changed."),
        _ => throw Unexpected(status),
    };

    public static void Require(CacheStatus status, in CacheKey key)
    {
        if (status != CacheStatus.Success)
        {
            throw Refused(status, Quote(key));
        }
    }

    public static bool Succeeded(CacheStatus status, in CacheKey key) => status switch
    {
        CacheStatus.Success => true,
        CacheStatus.NotStored or CacheStatus.NotFound or CacheStatus.Exists => false,
        _ => throw Refused(status, Quote(key)),
    };

    public static CompareAndSetResult Compared(CacheStatus status, in CacheKey key) => status switch
    {
        CacheStatus.Success => CompareAndSetResult.Stored,
        CacheStatus.Exists => CompareAndSetResult.Exists,
        CacheStatus.NotFound or CacheStatus.NotStored => CompareAndSetResult.NotFound,
        _ => throw Refused(status, Quote(key)),
    };

    public static Exception Refused(CacheStatus status, string key) => status switch
    {
        CacheStatus.TooLarge => new GranaryValueTooLargeException(
            $"The value of {key} is over the silos' limit for one value. Nothing was stored."),
        CacheStatus.NoRoom => new GranaryUnavailableException(
            $"The silo that owns {key} has no room for the value now. Nothing was stored."),
        CacheStatus.NotNumeric => new InvalidOperationException(
            $"The value of {key} is no unsigned 64-bit decimal number, so it cannot be counted. Nothing changed."),
        _ => Unexpected(status),
    };

    public static GranaryException Unexpected(CacheStatus status) =>
        new($"A silo answered status {(int)status}, which this client does not expect here.");

    public static GranaryValueTooLargeException TooLarge(in CacheKey key, int valueLengthBytes, int limitBytes) =>
        new($"The value of {Quote(key)} has {valueLengthBytes} bytes; the silos take at most {limitBytes}.");

    private static string Quote(in CacheKey key) => $"key '{key}'";
}
