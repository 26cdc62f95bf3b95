namespace Granary.Memcached.Sessions;

/// <summary>Why a session has stopped.</summary>
internal enum SessionStatus
{
    /// <summary>It has not: one step is done and the next may follow. Inside the session only.</summary>
    Continue,

    /// <summary>It has answered every whole command and wants more bytes.</summary>
    NeedInput,

    /// <summary>Enough is to be sent: send it and call again, with the input that was left.</summary>
    OutputFull,

    /// <summary>It has had its turn: send what is to be sent, and call again after the others, with the input that was left.</summary>
    Yielded,

    /// <summary>It waits for another silo: call again, with the input that was left, after it has resumed.</summary>
    Suspended,

    /// <summary>Send what is to be sent and close.</summary>
    Close,
}
