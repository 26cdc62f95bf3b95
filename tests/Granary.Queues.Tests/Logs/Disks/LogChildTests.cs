using System.Globalization;
using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>What the child of <see cref="DiskFaultTests"/> does.</summary>
public sealed class LogChildTests
{
    private const int Rounds = 3;
    private const int BodyBytes = 2000;

    private static readonly TimeSpan PatienceWithTheDisk = TimeSpan.FromSeconds(20);

    private int _failures;

    // A small log fills, is drained, gives its rows back and is filled again: sends, settlements, snapshots, trims and
    // checkpoints follow each other closely.
    [Fact]
    public async Task Child_FillsAndDrainsItsLog()
    {
        Assert.SkipWhen(LogChild.LogPath is null, "Only in the process that another test starts.");
        using LogJournal journal = new(LogChild.LogPath!);
        await using SqlitePartitionLog log = LogFolder.OpenSmall(LogChild.LogPath!);
        PartitionOwner owner = await OwnAsync(log);
        long run = journal.Position;
        int number = 0;
        for (int round = 0; round < Rounds; round++)
        {
            bool hasRoom = true;
            while (hasRoom)
            {
                string[] ids = [.. Enumerable.Range(0, 10).Select(_ => $"{run}-{number++}")];
                owner = await DoAsync(log, owner, async () =>
                {
                    SendResult[] results = await owner.SendAsync([.. ids.Select(Message)], CancellationToken.None);
                    hasRoom = results[0].Outcome is SendOutcome.Accepted or SendOutcome.Duplicate;
                    journal.AddSent(hasRoom ? ids : []);
                });
            }

            owner = await DrainAsync(log, owner, journal);
        }

        await owner.DisposeAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} messages, {_failures} failures"));
    }

    private async Task<PartitionOwner> DrainAsync(SqlitePartitionLog log, PartitionOwner owner, LogJournal journal)
    {
        bool isEmpty = false;
        while (!isEmpty)
        {
            owner = await DoAsync(log, owner, async () =>
            {
                LeasedContent[] received = await owner.ReceiveAsync(20, null, CancellationToken.None);
                isEmpty = received.Length == 0;
                string[] ids = [.. received.Select(one => one.Content.MessageId!)];
                journal.AddTrying(ids);
                await owner.ExecuteAsync((partition, now) => received.Count(
                    one => partition.Complete(one.Lease.Receipt, now) == SettleOutcome.Done));
                journal.AddCompleted(ids);
            });
        }

        return owner;
    }

    // An owner that has failed is replaced, as its grain does.
    private async Task<PartitionOwner> DoAsync(SqlitePartitionLog log, PartitionOwner owner, Func<Task> work)
    {
        try
        {
            await work();
            return owner;
        }
        catch (GranaryUnavailableException)
        {
            _failures++;
            await owner.DisposeAsync();
            return await OwnAsync(log);
        }
    }

    private async Task<PartitionOwner> OwnAsync(IPartitionLog log)
    {
        using CancellationTokenSource patience = new(PatienceWithTheDisk);
        while (true)
        {
            try
            {
                return await LogFolder.OwnAsync(log);
            }
            catch (GranaryUnavailableException) when (!patience.IsCancellationRequested)
            {
                _failures++;
            }
        }
    }

    private static OutgoingMessage Message(string id) => new() { MessageId = id, Body = new byte[BodyBytes] };
}
