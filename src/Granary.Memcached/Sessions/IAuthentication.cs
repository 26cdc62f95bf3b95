namespace Granary.Memcached.Sessions;

/// <summary>
/// A connection's conversation until its client has said who it is: nothing else is run. One thread at a time.
/// </summary>
internal interface IAuthentication
{
    /// <summary>Goes as far as the input allows.</summary>
    /// <param name="input">What was not consumed before, and what has come since.</param>
    /// <param name="output">Answers are added to it.</param>
    /// <param name="enoughBytes">Output at which to stop.</param>
    /// <param name="consumed">Bytes of the input that are done with.</param>
    /// <returns>Continue when the client is authenticated, or as <see cref="Session.Process"/>.</returns>
    SessionStatus Process(ReadOnlySpan<byte> input, OutputBuffer output, int enoughBytes, out int consumed);
}
