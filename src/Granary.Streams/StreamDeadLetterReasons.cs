namespace Granary.Streams;

/// <summary>Reasons of dead letters that the stream provider gives, beside the queue's own.</summary>
public static class StreamDeadLetterReasons
{
    /// <summary>Nobody subscribed to the message's stream within <see cref="GranaryStreamOptions.Retention"/>.</summary>
    public const string NoSubscription = "NoSubscription";

    /// <summary>The message names no stream: it was not sent by the stream provider.</summary>
    public const string NotOfAStream = "NotOfAStream";
}
