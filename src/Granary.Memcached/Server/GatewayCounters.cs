namespace Granary.Memcached.Server;

/// <summary>What one loop has counted. Written by its thread alone, read by any.</summary>
internal sealed class GatewayCounters
{
    public long CmdGet;
    public long CmdSet;
    public long CmdTouch;
    public long CmdFlush;
    public long CmdMeta;
    public long GetHits;
    public long GetMisses;
    public long DeleteHits;
    public long DeleteMisses;
    public long IncrHits;
    public long IncrMisses;
    public long DecrHits;
    public long DecrMisses;
    public long CasHits;
    public long CasMisses;
    public long CasBadValue;
    public long TouchHits;
    public long TouchMisses;
    public long TooLarge;
    public long NoMemory;
    public long BytesRead;
    public long BytesWritten;
    public long RemoteOperations;
    public long ProtocolErrors;
    public long AuthCommands;
    public long AuthErrors;
    public long Yields;
    public uint Turns; // of OperationTimes: it is nobody's counter

    public void Add(GatewayCounters other)
    {
        CmdGet += other.CmdGet;
        CmdSet += other.CmdSet;
        CmdTouch += other.CmdTouch;
        CmdFlush += other.CmdFlush;
        CmdMeta += other.CmdMeta;
        GetHits += other.GetHits;
        GetMisses += other.GetMisses;
        DeleteHits += other.DeleteHits;
        DeleteMisses += other.DeleteMisses;
        IncrHits += other.IncrHits;
        IncrMisses += other.IncrMisses;
        DecrHits += other.DecrHits;
        DecrMisses += other.DecrMisses;
        CasHits += other.CasHits;
        CasMisses += other.CasMisses;
        CasBadValue += other.CasBadValue;
        TouchHits += other.TouchHits;
        TouchMisses += other.TouchMisses;
        TooLarge += other.TooLarge;
        NoMemory += other.NoMemory;
        BytesRead += other.BytesRead;
        BytesWritten += other.BytesWritten;
        RemoteOperations += other.RemoteOperations;
        ProtocolErrors += other.ProtocolErrors;
        AuthCommands += other.AuthCommands;
        AuthErrors += other.AuthErrors;
        Yields += other.Yields;
    }
}
