namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Executes one operation at a time, and tells every error by its <see cref="Reply"/>.</summary>
internal interface ICaller : IDisposable
{
    Protocol Protocol { get; }

    /// <summary>Connections that the server closed between two commands.</summary>
    long Reconnects { get; }

    /// <param name="operation">Its bytes stay as they are until the answer is there.</param>
    ValueTask<Reply> ExecuteAsync(Operation operation);

    /// <summary>Gives up the operation under way, whose reply is then <see cref="ErrorKind.TimedOut"/>.</summary>
    void Abandon();
}
