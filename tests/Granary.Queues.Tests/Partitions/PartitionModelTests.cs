using CsCheck;
using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>Random histories, compared with the model command by command and with a recovery row by row.</summary>
public sealed class PartitionModelTests
{
    private static readonly Gen<(int Command, int First, int Second)[]> Commands =
        Gen.Select(Gen.Int[0, 16], Gen.Int[0, 200], Gen.Int[0, 200]).Array[0, 120];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void History_OfRandomCommands_IsWhatTheModelSays(bool deadLetterExpired)
    {
        Commands.Sample(commands => Run(commands, deadLetterExpired), iter: 3000);
    }

    [Fact]
    public void Recovery_AfterEveryRow_FindsTheStateOfThatRow()
    {
        Commands.Sample(
            commands =>
            {
                History history = Run(commands, deadLetterExpired: true);
                for (int rows = 1; rows <= history.Rows.Count; rows++)
                {
                    foreach (int snapshot in new[] { -1, rows / 2, rows - 2 })
                    {
                        QueuePartition found = history.Replayed(Options(true), new Random(2), 99, rows, snapshot);
                        Assert.Equal(history.After[rows - 1], Describe.Durable(found));
                    }
                }
            },
            iter: 100);
    }

    private static History Run((int Command, int First, int Second)[] commands, bool deadLetterExpired)
    {
        History history = new(Options(deadLetterExpired));
        foreach ((int command, int first, int second) in commands)
        {
            history.Step(command, first, second);
        }

        return history;
    }

    private static QueueOptions Options(bool deadLetterExpired) => new()
    {
        LeaseDuration = TimeSpan.FromMilliseconds(100),
        RetryDelay = TimeSpan.FromMilliseconds(40),
        MaxRetryDelay = TimeSpan.FromMilliseconds(100),
        DeduplicationWindow = TimeSpan.FromMilliseconds(500),
        MaxDeliveryCount = 3,
        MaxLength = 20,
        DeadLetterExpired = deadLetterExpired,
    };
}
