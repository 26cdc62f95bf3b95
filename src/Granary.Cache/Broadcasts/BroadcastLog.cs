using Granary.Broadcasts;

namespace Granary.Cache.Broadcasts;

/// <summary>The last messages of a broadcast, for those who listen. One thread.</summary>
internal sealed class BroadcastLog(TimeProvider time)
{
    /// <summary>Messages that a listener may be behind.</summary>
    public const int MaxMessages = 4096;

    /// <summary>What they may take together: what one answer carries.</summary>
    public const int MaxBytes = 512 << 10;

    private const int MaxWaiting = 1024;

    // Silence is told from peace, and a silo that stops waits for those who listen: so no longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Guid _id = Guid.NewGuid();
    private readonly Queue<byte[]> _messages = [];
    private TaskCompletionSource _next = NewNext();
    private long _end;
    private int _bytes;
    private int _waiting;

    private BroadcastMark End => new(_id, _end);

    public void Send(byte[] message)
    {
        if (message.Length > IBroadcastGrain.MaxMessageBytes)
        {
            throw new ArgumentException(
                $"The message has {message.Length} bytes; it may have {IBroadcastGrain.MaxMessageBytes}.", nameof(message));
        }

        _messages.Enqueue(message);
        _bytes += message.Length;
        _end++;
        while (_messages.Count > MaxMessages || _bytes > MaxBytes)
        {
            _bytes -= _messages.Dequeue().Length;
        }

        _next.SetResult();
        _next = NewNext();
    }

    public async ValueTask<BroadcastPart> ListenAsync(BroadcastMark heard)
    {
        if (heard == default)
        {
            return new BroadcastPart(End, [], HasGap: false);
        }

        if (heard == End)
        {
            await WaitAsync();
        }

        // All that is here is new to who has heard another log.
        long first = _end - _messages.Count;
        long from = heard.Log == _id ? Math.Clamp(heard.Count, first, _end) : first;
        bool hasGap = heard.Log != _id || heard.Count < first;
        return new BroadcastPart(End, [.. _messages.Skip((int)(from - first))], hasGap);
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync()
    {
        if (_waiting == MaxWaiting)
        {
            throw new GranaryException($"{MaxWaiting} clients wait for this broadcast, and no more may.");
        }

        _waiting++;
        await _next.Task.WaitAsync(Patience, time).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _waiting--;
    }
}
