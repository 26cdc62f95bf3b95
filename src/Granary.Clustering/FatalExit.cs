using Microsoft.Extensions.Logging;

namespace Granary.Clustering;

/// <summary>
/// How a silo ends that cannot go on, most often because the others have declared it dead: one line in the log, and the
/// process is gone. It hands nothing over, because its shards belong to others by now. Orleans' own handler waits two
/// seconds and aborts the process with a core dump.
/// </summary>
/// <param name="silo">This silo.</param>
/// <param name="loggers">Disposed before the end, so that the line is written out.</param>
/// <param name="exit">Ends the process with an exit code.</param>
internal sealed class FatalExit(ILocalSiloDetails silo, ILoggerFactory loggers, Action<int> exit) : IFatalErrorHandler
{
    /// <summary>What the process ends with: EX_SOFTWARE of sysexits.h, neither a bad option (1) nor a signal.</summary>
    public const int ExitCode = 70;

    private int _ending;

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // Several of Orleans' loops may fail at once, and the first line is the cause.
        if (Interlocked.Exchange(ref _ending, 1) != 0)
        {
            return;
        }

        // Orleans gives no exception when the membership table says that this silo is dead, and always one otherwise.
        ILogger logger = loggers.CreateLogger<FatalExit>();
        if (exception is null)
        {
            logger.DeclaredDead(silo.Name, silo.SiloAddress);
        }
        else
        {
            logger.CannotGoOn(silo.Name, silo.SiloAddress, context, exception);
        }

        loggers.Dispose();
        exit(ExitCode);
    }
}
