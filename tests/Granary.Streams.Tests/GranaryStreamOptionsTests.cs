namespace Granary.Streams.Tests;

public sealed class GranaryStreamOptionsTests
{
    [Fact]
    public void Options_ByDefault_MakeSense() => new GranaryStreamOptions().Validate();

    [Fact]
    public void Options_ThatMakeNone_AreRefusedByName()
    {
        AssertRefused(options => options.Partitions = 0, "partitions");
        AssertRefused(options => options.Retention = TimeSpan.Zero, nameof(GranaryStreamOptions.Retention));
        AssertRefused(options => options.OperationTimeout = TimeSpan.Zero, nameof(GranaryStreamOptions.OperationTimeout));
        AssertRefused(options => options.Queue.MaxDeliveryCount = 0, "MaxDeliveryCount");
        AssertRefused(options => options.Queue.DeduplicationWindow = TimeSpan.Zero, "DeduplicationWindow");
    }

    private static void AssertRefused(Action<GranaryStreamOptions> change, string named)
    {
        GranaryStreamOptions options = new();
        change(options);

        Assert.Contains(named, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
