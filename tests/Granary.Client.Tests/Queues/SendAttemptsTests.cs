using Granary.Client.Queues.Calls;
using Granary.Queues;

namespace Granary.Client.Tests.Queues;

/// <summary>What a sender does with the answers: stores once, repeats what it may, and says what it does not know.</summary>
public sealed class SendAttemptsTests
{
    private static readonly OutgoingMessage Named = new() { MessageId = "id" };
    private static readonly OutgoingMessage Nameless = new();

    [Fact]
    public void Answer_OfStoredOnes_GivesTheirReceiptsInOrder()
    {
        SendAttempts attempts = Attempts(Named, Nameless);

        attempts.Answer([Result(SendOutcome.Duplicate, 7), Result(SendOutcome.Accepted, 8)]);

        Assert.True(attempts.IsDone);
        Assert.Equal([(7L, true), (8L, false)], attempts.Receipts.Select(one => (one.Position.Offset, one.IsDuplicate)));
    }

    [Fact]
    public void Answer_OfUnknownOutcome_LeavesWhatHasAnIdToBeSentAgain()
    {
        SendAttempts attempts = Attempts(Nameless, Named);

        attempts.Answer([Result(SendOutcome.Accepted, 1), Result(SendOutcome.Unknown)]);
        Assert.Equal([Named], attempts.Left);
        attempts.Answer([Result(SendOutcome.Duplicate, 2)]);

        Assert.True(attempts.IsDone);
        Assert.Equal([1L, 2L], attempts.Receipts.Select(one => one.Position.Offset));
    }

    [Fact]
    public void Answer_OfUnknownOutcomeWithoutAnId_IsAnHonestErrorBeforeAnyOther()
    {
        SendAttempts attempts = Attempts(Named, Nameless);

        Assert.Throws<GranaryOutcomeUnknownException>(
            () => attempts.Answer([Result(SendOutcome.TooLarge), Result(SendOutcome.Unknown)]));
    }

    [Theory]
    [InlineData(SendOutcome.Full, typeof(GranaryQueueFullException))]
    [InlineData(SendOutcome.StorageFull, typeof(GranaryQueueFullException))]
    [InlineData(SendOutcome.TooLarge, typeof(GranaryValueTooLargeException))]
    [InlineData(SendOutcome.Damaged, typeof(GranaryQueueDamagedException))]
    public void Answer_ThatTryingAgainDoesNotHelp_NamesTheQueueAndWhatIsStored(SendOutcome outcome, Type error)
    {
        SendAttempts attempts = Attempts(Nameless, Named);

        Exception? thrown = Record.Exception(() => attempts.Answer([Result(SendOutcome.Accepted, 1), Result(outcome)]));

        Assert.IsType(error, thrown);
        Assert.Contains("'orders'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 2 messages are stored", thrown.Message, StringComparison.Ordinal);
    }

    // Another partition may take a message that belongs to none.
    [Fact]
    public void Answer_OfADamagedPartition_LeavesWhatBelongsToNone()
    {
        SendAttempts attempts = Attempts(Nameless);

        attempts.Answer([Result(SendOutcome.Damaged)]);

        Assert.Equal([Nameless], attempts.Left);
    }

    [Fact]
    public void Fail_OfACallThatMayHaveStored_IsRepeatedOnlyWithIds()
    {
        var cause = new TimeoutException("No answer.");

        Attempts(Named, Named).Fail(mayBeStored: true, cause);
        Attempts(Nameless).Fail(mayBeStored: false, cause);
        Assert.Same(cause, Assert.Throws<GranaryOutcomeUnknownException>(
            () => Attempts(Named, Nameless).Fail(mayBeStored: true, cause)).InnerException);
    }

    [Fact]
    public void OutOfTime_AfterACallThatMayHaveStored_IsAnUnknownOutcome()
    {
        var cause = new TimeoutException("No answer.");
        SendAttempts refused = Attempts(Named);
        SendAttempts lost = Attempts(Named);
        refused.Fail(mayBeStored: false, cause);
        lost.Fail(mayBeStored: true, cause);
        lost.Fail(mayBeStored: false, cause);

        Assert.IsType<GranaryUnavailableException>(refused.OutOfTime(cause));
        Assert.IsType<GranaryOutcomeUnknownException>(lost.OutOfTime(cause));
    }

    private static SendAttempts Attempts(params OutgoingMessage[] messages) => new("orders", messages);

    private static SendResult Result(SendOutcome outcome, long offset = -1) =>
        new(outcome, new MessagePosition(0, offset));
}
