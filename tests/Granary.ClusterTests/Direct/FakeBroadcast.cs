using System.Threading.Channels;
using Granary.Broadcasts;

namespace Granary.ClusterTests.Direct;

/// <summary>A broadcast whose answers a test gives, one by one.</summary>
internal sealed class FakeBroadcast : IBroadcastGrain
{
    private readonly Channel<Func<BroadcastPart>> _answers = Channel.CreateUnbounded<Func<BroadcastPart>>();

    /// <summary>Up to where each call had heard.</summary>
    public List<BroadcastMark> Calls { get; } = [];

    /// <summary>What was said to it.</summary>
    public List<byte[]> Sent { get; } = [];

    public void Answer(Func<BroadcastPart> answer) => Assert.True(_answers.Writer.TryWrite(answer));

    public ValueTask SendAsync(byte[] message)
    {
        Sent.Add(message);
        return default;
    }

    public async ValueTask<BroadcastPart> ListenAsync(BroadcastMark heard)
    {
        Calls.Add(heard);
        return (await _answers.Reader.ReadAsync())();
    }
}
