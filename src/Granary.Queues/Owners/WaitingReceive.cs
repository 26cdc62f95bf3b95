using Granary.Queues.Messages;

namespace Granary.Queues.Owners;

/// <summary>A receive that found nothing and waits.</summary>
internal sealed class WaitingReceive(int max, TimeSpan? lease)
{
    public int Max { get; } = max;

    public TimeSpan? Lease { get; } = lease;

    public TaskCompletionSource<IReadOnlyList<LeasedMessage>> Leased { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
