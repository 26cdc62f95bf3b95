namespace Granary.Memcached.Sessions;

/// <summary>An answer of many lines on its way to the client, some at a time. One thread.</summary>
internal interface ILongAnswer
{
    /// <summary>Whether all is written.</summary>
    bool IsDone { get; }

    /// <summary>Writes lines until there is enough output, or the end.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="enoughBytes">Output at which to stop; it may become more.</param>
    void Write(OutputBuffer output, int enoughBytes);
}
