namespace Granary.CommandLine.Outcomes;

/// <summary>How a verb ends. The description of the command says the same.</summary>
internal static class ExitCodes
{
    /// <summary>It is done; of <c>status</c>: nothing is wrong.</summary>
    public const int Done = 0;

    /// <summary>What was asked for is not there; of <c>status</c>: something is wrong.</summary>
    public const int No = 1;

    /// <summary>The command line makes no sense: nothing was done.</summary>
    public const int WrongCommandLine = 2;

    /// <summary>No silo answered.</summary>
    public const int NotReached = 3;

    /// <summary>It failed; a part of it may be done.</summary>
    public const int Failed = 4;

    /// <summary>Ctrl-C: 128 and the signal's number, as shells count.</summary>
    public const int Interrupted = 130;
}
