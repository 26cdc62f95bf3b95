using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

public sealed class DeduplicationWindowTests
{
    private static readonly CurrentOptions Options = new(
        new QueueOptions { DeduplicationWindow = TimeSpan.FromSeconds(1), DeduplicationMaxEntries = 3 });

    [Fact]
    public void Window_WithMoreIdsThanItsBound_ForgetsTheOldestAndSaysSo()
    {
        DeduplicationWindow window = new(Options);

        for (int number = 0; number < 5; number++)
        {
            window.Add($"id-{number}", number, at: number);
        }

        Assert.Equal((3, 2L), (window.Count, window.ForgottenEarly));
        Assert.False(window.TryFind("id-1", 5, out _));
        Assert.True(window.TryFind("id-2", 5, out long offset));
        Assert.Equal(2, offset);
    }

    [Fact]
    public void Id_AtTheEndOfTheWindow_IsForgotten()
    {
        DeduplicationWindow window = new(Options);
        window.Add("id", 7, at: 0);

        Assert.True(window.TryFind("id", 999, out _));
        Assert.False(window.TryFind("id", 1000, out _));
        window.Forget(1000);
        Assert.Equal((0, 0L), (window.Count, window.ForgottenEarly));
    }
}
