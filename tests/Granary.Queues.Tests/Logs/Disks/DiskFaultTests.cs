using System.Globalization;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Tests.Shared.Processes;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>
/// A process that writes a log dies at a given write, or its disk fails, or loses what was not flushed: what was confirmed
/// is kept, and nothing is there twice.
/// </summary>
public sealed class DiskFaultTests : IDisposable
{
    private const string Child = nameof(LogChildTests.Child_FillsAndDrainsItsLog);
    private const int Seed = 1;
    private const int PowerLosses = 60;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Power_LostAtAnyMoment_LosesNothingConfirmedAsync()
    {
        string strace = LocateStrace();
        string output = _folder.Path + ".trace";
        await using (ChildProcess child = LogChild.Start(_folder, Child, DiskTrace.Wrapper(strace, output, _folder.Path)))
        {
            Assert.True(await child.WaitForExitAsync(Deadline) == 0, $"{child.Output}");
        }

        DiskTrace trace = DiskTrace.Read(output, _folder.Path);
        Random random = new(Seed);
        for (int loss = 0; loss < PowerLosses; loss++)
        {
            using LogFolder after = new();
            int steps = random.Next(trace.Count + 1);
            string journal = trace.LosePower(steps, Path.GetDirectoryName(after.Path)!, random);
            LogJournal.AssertKept(journal, await ReadAsync(after), $"Power lost after step {steps} of {trace.Count}");
        }
    }

    [Fact]
    public async Task Process_KilledAtAnyWrite_LosesNothingConfirmedAsync()
    {
        string strace = LocateStrace();
        Random random = new(Seed);
        for (int kill = 0; kill < 8; kill++)
        {
            int write = 1 + random.Next(1 << (4 + kill)); // also among the first ones, when the database is made
            string inject = string.Create(CultureInfo.InvariantCulture, $"inject=pwrite64:signal=KILL:when={write}");
            await RunAsync(strace, inject);
            Assert.True(File.Exists(_folder.Path), "It was killed before it had begun.");
            LogJournal.AssertKept(Journal(), await ReadAsync(_folder), $"Killed at write {write}");
        }
    }

    [Theory]
    [InlineData("fsync", "EIO")]
    [InlineData("pwrite64", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    public async Task Disk_ThatFailsForAWhile_LosesNothingConfirmedAndIsUsedAgainAsync(string call, string error)
    {
        // Of each thread the 40th to 44th, and later ones now and then.
        string output = await RunAsync(
            LocateStrace(), $"inject={call}:error={error}:when=40..44", $"inject={call}:error={error}:when=60+97");

        Assert.Contains("messages, ", output, StringComparison.Ordinal); // it came to its end
        if (error == "EIO")
        {
            // A full disk refuses sends; it fails only what meets it twice, with and without the reserve, which is by chance.
            Assert.DoesNotContain(", 0 failures", output, StringComparison.Ordinal);
        }

        LogJournal.AssertKept(Journal(), await ReadAsync(_folder), $"{call} failed with {error}");
    }

    private static string LocateStrace() => RequiredProgram.Locate("strace");

    private static async Task<List<string>> ReadAsync(LogFolder folder)
    {
        await using SqlitePartitionLog log = folder.Open();
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        List<string> found = [];
        while (await owner.ReceiveAsync(1000, null, CancellationToken.None) is { Length: > 0 } received)
        {
            found.AddRange(received.Select(one => one.Content.MessageId!));
        }

        return found;
    }

    private async Task<string> RunAsync(string strace, params string[] injections)
    {
        string[] arguments = [.. injections.SelectMany(injection => (string[])["-e", injection])];
        await using ChildProcess child = LogChild.Start(
            _folder,
            Child,
            [
                strace, "-f", "-D", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fsync", .. arguments,
                "-P", _folder.Path, "-P", _folder.Path + "-wal",
            ]);
        await child.WaitForExitAsync(Deadline);
        return $"{child.Output}";
    }

    private string Journal() =>
        File.Exists(LogJournal.PathOf(_folder.Path)) ? File.ReadAllText(LogJournal.PathOf(_folder.Path)) : "";
}
