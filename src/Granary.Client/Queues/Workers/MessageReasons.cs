namespace Granary.Client;

/// <summary>Reasons that the client gives for dead letters.</summary>
public static class MessageReasons
{
    /// <summary>The body is not what the handler takes.</summary>
    public const string Unreadable = "BodyUnreadable";
}
