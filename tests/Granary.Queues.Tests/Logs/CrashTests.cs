using System.Globalization;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs.Disks;
using Granary.Tests.Shared.Processes;

namespace Granary.Queues.Tests.Logs;

/// <summary>A process that acknowledges sends is killed; what it had acknowledged must be there.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 5;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Process_KilledWhileItSends_LosesNoAcknowledgedSendAndKeepsNoDuplicate()
    {
        Assert.SkipUnless(LogChild.LogPath is null, "This is the child.");
        string acknowledged = _folder.Path + ".acknowledged";
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = File.Exists(acknowledged) ? File.ReadAllLines(acknowledged).Length : 0;
            await using ChildProcess child = LogChild.Start(_folder, nameof(Child_SendsUntilItIsKilled));
            await child.WaitUntilAsync(
                "500 sends",
                TimeSpan.FromMinutes(1),
                () => File.Exists(acknowledged) && Lines(acknowledged).Length >= before + 500);
            child.Kill();
        }

        await using SqlitePartitionLog log = _folder.Open();
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        HashSet<string> found = new(StringComparer.Ordinal);
        while (await owner.ReceiveAsync(1000, null, CancellationToken.None) is { Length: > 0 } received)
        {
            Assert.All(received, one => Assert.True(found.Add(one.Content.MessageId!), "A MessageId is stored twice."));
        }

        Assert.Empty(Lines(acknowledged).Except(found, StringComparer.Ordinal));
        Assert.True(found.Count >= Kills * 500);
    }

    [Fact]
    public async Task Child_SendsUntilItIsKilled()
    {
        string? path = LogChild.LogPath;
        Assert.SkipWhen(path is null, "Only in the process that the other test kills.");
        await using SqlitePartitionLog log = new(new SqliteLogOptions { Path = path });
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        await using FileStream acknowledged = new(path + ".acknowledged", FileMode.Append);
        int first = (int)acknowledged.Length;
        Lock writing = new();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async sender =>
        {
            for (int number = 0; ; number++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"{first}-{sender}-{number}");
                OutgoingMessage message = new() { MessageId = id, Body = new byte[256] };
                await owner.SendAsync([message], CancellationToken.None);
                await owner.SendAsync([message], CancellationToken.None); // as a client does that got no answer
                lock (writing)
                {
                    acknowledged.Write(System.Text.Encoding.UTF8.GetBytes(id + "\n"));
                    acknowledged.Flush();
                }
            }
        }));
    }

    // The last line may be cut: it is no acknowledgement.
    private static string[] Lines(string path)
    {
        string text = File.ReadAllText(path);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
