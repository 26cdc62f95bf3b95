using Granary.Streams.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>
/// A message on its way to a subscriber. The events are unpacked where they are needed: the agent passes bytes on.
/// </summary>
[GenerateSerializer, Immutable, Alias("granary.StreamBatch")]
[SerializationCallbacks(typeof(OnDeserializedCallbacks))]
internal sealed class StreamBatch : IBatchContainer, IOnDeserialized
{
    [Id(0)]
    private readonly EventSequenceTokenV2 _token;

    [Id(1)]
    private readonly ReadOnlyMemory<byte> _body;

    [NonSerialized]
    private StreamBody? _packing;

    public StreamBatch(Offer offer, DeliveryAttempt attempt, StreamBody packing)
    {
        Offer = offer;
        Attempt = attempt;
        StreamId = offer.Lane.Stream;
        _token = new EventSequenceTokenV2(offer.Sequence);
        _body = offer.Message?.Content.Body ?? default;
        _packing = packing;
    }

    [Id(2)]
    public StreamId StreamId { get; }

    public StreamSequenceToken SequenceToken => _token;

    /// <summary>At the agent: what it is made of.</summary>
    [field: NonSerialized]
    public Offer Offer { get; }

    /// <summary>At the agent: told what becomes of it.</summary>
    [field: NonSerialized]
    public DeliveryAttempt? Attempt { get; }

    /// <exception cref="InvalidCastException">An event is no <typeparamref name="T"/>: then nobody gets any.</exception>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
    [
        .. _packing!.Events(_body).Select((one, index) =>
            Tuple.Create((T)one!, (StreamSequenceToken)_token.CreateSequenceTokenForEvent(index))),
    ];

    public bool ImportRequestContext()
    {
        try
        {
            if (_packing!.Context(_body) is not { } context)
            {
                return false;
            }

            RequestContextExtensions.Import(context);
            return true;
        }
        catch (Exception exception)
        {
            Attempt?.Fail($"The request context cannot be read: {exception.Message}", isCounted: true);
            throw;
        }
    }

    public override string ToString() => $"{StreamId} {_token}";

    void IOnDeserialized.OnDeserialized(DeserializationContext context) =>
        _packing = context.ServiceProvider.GetRequiredService<StreamBody>();
}
