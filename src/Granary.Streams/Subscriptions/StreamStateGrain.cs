using Granary.Streams.Partitions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Granary.Streams.Subscriptions;

// On any silo: what it knows is in the queue's partition, which is where the database is.
internal sealed class StreamStateGrain(
    IOptionsMonitor<GranaryStreamOptions> options,
    Serializer<StreamState> serializer,
    TimeProvider time,
    ILogger<StreamStateGrain> logger) : Grain, IStreamStateGrain
{
    private StateMessages? _states;

    public async ValueTask<StreamState?> ReadAsync(string key) => (await StatesAsync()).Find(key);

    public async ValueTask<long> WriteAsync(string key, long version, ReadOnlyMemory<byte> content)
    {
        StateMessages states = await StatesAsync();
        try
        {
            return await states.WriteAsync(key, version, content);
        }
        catch
        {
            _states = null; // what is written is not known
            throw;
        }
    }

    private async Task<StateMessages> StatesAsync()
    {
        if (_states is null)
        {
            int index = (int)this.GetPrimaryKeyLong(out string? provider);
            GranaryStreamOptions chosen = options.Get(provider!);
            ProviderQueue queue = new(
                ProviderQueue.SubscriptionsNameOf(provider!), chosen.Partitions, StateMessages.QueueOptions, GrainFactory);
            StateMessages states = new(
                queue, index, new PartitionSender(queue, chosen.OperationTimeout, time), serializer, time);
            await states.LoadAsync();
            logger.SubscriptionsLoaded(queue.Name, index, states.Count);
            _states = states;
        }

        return _states;
    }
}
