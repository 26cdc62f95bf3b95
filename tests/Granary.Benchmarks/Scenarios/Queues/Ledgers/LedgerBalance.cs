namespace Granary.Benchmarks.Scenarios.Queues.Ledgers;

/// <summary>What became of the messages of one run; of a topic, in all its subscriptions.</summary>
/// <param name="Confirmed">Sends that the server confirmed.</param>
/// <param name="Lost">Confirmed and never delivered.</param>
/// <param name="Duplicates">Deliveries after a message's first.</param>
/// <param name="Unexpected">Deliveries of what was never sent, or with other bytes.</param>
internal sealed record LedgerBalance(long Confirmed, long Lost, long Duplicates, long Unexpected)
{
    /// <summary>Whether every confirmed message came exactly once.</summary>
    public bool IsClean => Lost == 0 && Duplicates == 0 && Unexpected == 0;

    public override string ToString() =>
        $"{Confirmed} confirmed, {Lost} lost, {Duplicates} duplicates, {Unexpected} unexpected";
}
