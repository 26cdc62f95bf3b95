using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Client.Connecting;

/// <summary>Repeats the first connection for a bounded time, then says which seeds did not answer.</summary>
internal sealed class ConnectRetryFilter(
    SeedList seeds, IOptions<GranaryClientOptions> options, TimeProvider timeProvider, ILogger<ConnectRetryFilter> logger)
    : IClientConnectionRetryFilter
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly long _start = timeProvider.GetTimestamp();
    private TimeSpan _pause = FirstPause;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        TimeSpan timeout = options.Value.ConnectTimeout;
        if (timeProvider.GetElapsedTime(_start) + _pause > timeout)
        {
            throw new GranaryUnavailableException(
                $"None of the seeds '{seeds}' answered within {timeout} (GranaryClientOptions.ConnectTimeout): "
                + exception.Message,
                exception);
        }

        if (_pause == FirstPause)
        {
            Log.SeedsSilent(logger, seeds, timeout);
        }

        await Task.Delay(_pause, timeProvider, cancellationToken).ConfigureAwait(false);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return true;
    }
}
