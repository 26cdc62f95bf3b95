using System.Threading.Channels;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers;

/// <summary>Messages that were pushed or fetched ahead and wait to be received.</summary>
internal sealed class DeliveryBuffer
{
    private readonly Channel<Delivery> _channel = Channel.CreateUnbounded<Delivery>(); // the prefetch bounds it

    public void Add(Delivery delivery) => _channel.Writer.TryWrite(delivery);

    /// <summary>Makes every later receive fail.</summary>
    public void Fail(Exception error) => _channel.Writer.TryComplete(error);

    public async Task<IReadOnlyList<Delivery>> TakeAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        var taken = new List<Delivery>();
        TakeWhatIsThere();
        if (taken.Count > 0)
        {
            return taken;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(maxWait);
        try
        {
            await _channel.Reader.WaitToReadAsync(wait.Token);
            TakeWhatIsThere();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing came in time.
        }

        return taken;

        void TakeWhatIsThere()
        {
            while (taken.Count < maxMessages && _channel.Reader.TryRead(out Delivery delivery))
            {
                taken.Add(delivery);
            }
        }
    }
}
