namespace Granary.Memcached.Sessions;

/// <summary>The commands of one of the two protocols, as a session runs them. One thread at a time.</summary>
internal interface ICommands
{
    /// <summary>Whether a command goes on over several turns.</summary>
    bool IsUnderWay { get; }

    /// <summary>Reads and executes the next command. What it leaves to be done is <see cref="PendingWork"/>.</summary>
    /// <param name="input">Begins with it.</param>
    /// <param name="output">Answers, as long as none is planned.</param>
    /// <param name="used">Bytes of the input that are done with.</param>
    /// <returns>Continue, or NeedInput.</returns>
    SessionStatus Read(ReadOnlySpan<byte> input, OutputBuffer output, out int used);

    /// <summary>Answers a command whose long value has come in.</summary>
    void EndUpload(ValueUpload upload, OutputBuffer output);

    /// <summary>Answers a flush that is over.</summary>
    void EndFlush(bool isDone, OutputBuffer output);
}
