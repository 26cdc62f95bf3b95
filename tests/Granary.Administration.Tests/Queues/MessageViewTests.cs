using System.Text;
using Granary.Administration.Queues;
using Granary.Queues;

namespace Granary.Administration.Tests.Queues;

public sealed class MessageViewTests
{
    [Fact]
    public void View_OfATextWithHeaders_ShowsThem()
    {
        MessageView view = MessageView.Of(Message(
            """{"order":42}"""u8.ToArray(), """{"subject":"new","content-type":"application/json","x":"y"}"""u8.ToArray()));

        Assert.Equal(("""{"order":42}""", true, false, 12), (view.Body, view.BodyIsText, view.BodyIsCut, view.BodyBytes));
        Assert.Equal(("new", "application/json", "y"), (view.Subject, view.ContentType, view.Headers["x"]));
        Assert.Equal("3.17", view.Position);
        Assert.Equal(("it broke", 2), (view.LastFailure, view.Failures));
    }

    [Fact]
    public void View_OfBytesThatAreNoText_IsBase64()
    {
        MessageView view = MessageView.Of(Message([0xff, 0x00, 0x01], []));

        Assert.Equal(("/wAB", false), (view.Body, view.BodyIsText));
    }

    [Fact]
    public void View_OfALongText_IsCutBetweenCharacters()
    {
        string text = string.Concat("x", string.Concat(Enumerable.Repeat("ä", 4_000)));

        MessageView view = MessageView.Of(Message(Encoding.UTF8.GetBytes(text), []));

        Assert.True(view.BodyIsText);
        Assert.True(view.BodyIsCut);
        Assert.StartsWith(view.Body, text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(view.Body), 4_093, 4_096);
    }

    [Fact]
    public void View_OfHeadersThatAreNone_ShowsTheMessageNevertheless()
    {
        MessageView view = MessageView.Of(Message("body"u8.ToArray(), "not json"u8.ToArray()));

        Assert.Equal("body", view.Body);
        Assert.Contains("8 bytes", Assert.Single(view.Headers).Value, StringComparison.Ordinal);
    }

    private static PeekedContent Message(byte[] body, byte[] headers) => new(
        3,
        new MessageDescription(17, MessageState.Ready, 2, 2, null, 0, null, null, [new Failure(1, "first"), new Failure(2, "it broke")]),
        new StoredMessage(17, 1_000, 0, long.MaxValue, "id", null, headers, body));
}
