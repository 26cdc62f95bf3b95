using System.Text;
using Granary.Queues.Topics;

namespace Granary.Queues.Tests.Topics;

public sealed class FilterMatcherTests
{
    [Theory]
    [InlineData("order", "order", true)]
    [InlineData("order", "orders", false)]
    [InlineData("order", "Order", false)]
    [InlineData("order", "order.paid", false)]
    [InlineData("order.paid", "order", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "order.paid", false)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*.paid", "order.7.paid", true)]
    [InlineData("order.*.paid", "order.7.sent", false)]
    [InlineData("order.>", "order.7", true)]
    [InlineData("order.>", "order.7.paid.late", true)]
    [InlineData("order.>", "order", false)]
    [InlineData(">", "anything.at.all", true)]
    [InlineData("*.>", "one", false)]
    [InlineData("*.>", "one.two", true)]
    public void Subject_IsMeantByItsPattern(string pattern, string subject, bool isMeant)
    {
        FilterMatcher matcher = new(new MessageFilter { Subjects = ["no.other", pattern] });

        Assert.Equal(isMeant, matcher.Means(Message($$"""{"other":"x","subject":"{{subject}}"}""")));
        Assert.False(matcher.Means(Message("""{"other":"order"}""")));
        Assert.False(matcher.Means(Message("")));
    }

    [Theory]
    [InlineData("""{"region":"north","size":"5"}""", true)]
    [InlineData("""{"size":"5","region":"north","more":"x"}""", true)]
    [InlineData("""{"region":"n\u006frth","size":"5"}""", true)]
    [InlineData("""{"region":"north"}""", false)]
    [InlineData("""{"region":"North","size":"5"}""", false)]
    [InlineData("""{"region":"south","region":"north","size":"5"}""", true)]
    [InlineData("""{"region":"north","region":"south","size":"5"}""", false)]
    [InlineData("""{"region":"north","size":5}""", false)]
    [InlineData("""{"region":"north","odd":{"size":"5"}}""", false)]
    [InlineData("""["region"]""", false)]
    [InlineData("""{"region":"north","size":"5""", false)]
    [InlineData("\u0001\u0002", false)]
    public void Headers_AreMeantWhenAllAreThere(string headers, bool isMeant)
    {
        FilterMatcher matcher = new(new MessageFilter
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "north", ["size"] = "5" },
        });

        Assert.Equal(isMeant, matcher.Means(Message(headers)));
    }

    [Fact]
    public void All_MeansAlsoWhatHasNoHeadersThatCanBeRead() =>
        Assert.True(new FilterMatcher(MessageFilter.All).Means(Message("\u0001")));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.>.b")]
    [InlineData("a*")]
    [InlineData("a.b>")]
    [InlineData("**")]
    public void Pattern_ThatMakesNoSense_IsNamed(string pattern)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new MessageFilter { Subjects = ["no.other", pattern] }.Validate());

        Assert.StartsWith($"MessageFilter.Subjects is {pattern}; it must be at most", error.Message, StringComparison.Ordinal);
    }

    private static StoredMessage Message(string headers) =>
        new(0, 0, 0, long.MaxValue, null, null, Encoding.UTF8.GetBytes(headers), default);
}
