using System.CommandLine;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Benchmarks.Scenarios.Queues.Workloads;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>The command line of <c>queue</c>.</summary>
internal sealed class QueueCommand
{
    private static readonly Dictionary<string, DurabilityClass> Classes = new(StringComparer.Ordinal)
    {
        ["strict"] = DurabilityClass.Strict,
        ["buffered"] = DurabilityClass.Buffered,
        ["memory"] = DurabilityClass.Memory,
    };

    private readonly Command _command = new(
        "queue", "Work queues by what a confirmed send survives; every message is checked for loss and duplicates.");

    private readonly Option<string[]> _peers = CommonOptions.List(
        "--peers",
        $"Queues, in the order of a round: {string.Join(", ", QueueCatalog.Names)}.",
        string.Join(',', QueueCatalog.Names));

    private readonly Option<string[]> _classes = CommonOptions.List(
        "--class", $"Durability classes: {string.Join(", ", Classes.Keys)}.", "strict");

    private readonly Option<string[]> _workloads = CommonOptions.List(
        "--workloads",
        $"Which of {string.Join(", ", WorkloadCatalog.All([1000, 5000, 10_000]).Select(w => w.Name))}; w2 is all of w2-.",
        "w1,w2,w3,w4,w5,w6,w7,w8,w9,s1,s2");

    private readonly Option<int> _rounds = CommonOptions.Count("--rounds", "Rounds; each measures every queue once.", 5);
    private readonly Option<double> _seconds = CommonOptions.Duration("--seconds", "Measured time of a workload.", 5);
    private readonly Option<double> _warmup = CommonOptions.Duration("--warmup", "Time before it that does not count.", 2);

    private readonly Option<int> _messages = CommonOptions.Count(
        "--messages", "Messages that are there before W3 and W5 begin.", 100_000);

    private readonly Option<int> _value = CommonOptions.Count("--value", "Length of a message, in bytes.", 1024);
    private readonly Option<int[]> _rates = CommonOptions.Counts("--rates", "Messages a second of W4.", "1000,5000,10000");
    private readonly Option<int> _backlog = CommonOptions.Count("--backlog", "Messages of W10.", 1_000_000);
    private readonly Option<bool> _keepRunning = new("--keep-running")
    {
        Description = "Do not restart the server before W10's drain: a server that has just started is slow for other reasons than depth.",
    };

    private readonly Option<int?> _cpu = CommonOptions.Core();
    private readonly Option<bool> _countSyncs = new("--count-syncs")
    {
        Description = "Count the servers' syncs with strace, which makes all other figures void.",
    };

    private readonly Option<FileInfo?> _csv = new("--csv") { Description = "File to write one line per figure to." };

    private QueueCommand()
    {
        ((List<Option>)
        [
            _peers, _classes, _workloads, _rounds, _seconds, _warmup, _messages, _value, _rates, _backlog, _keepRunning,
            _cpu, _countSyncs, _csv,
        ]).ForEach(_command.Options.Add);
        RejectOthers(_peers, QueueCatalog.Names);
        RejectOthers(_classes, Classes.Keys);
        _value.Validators.Add(result => CommonOptions.Reject(
            result,
            "--value",
            result.GetValueOrDefault<int>() < MessageLedger.HeaderBytes,
            $"must be at least {MessageLedger.HeaderBytes}"));
        _command.SetAction((result, cancellationToken) =>
            new QueueScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new QueueCommand()._command;

    private static void RejectOthers(Option<string[]> option, IEnumerable<string> known) =>
        option.Validators.Add(result => CommonOptions.Reject(
            result,
            option.Name,
            result.GetValueOrDefault<string[]>()?.Except(known, StringComparer.Ordinal).Any() == true,
            $"must name some of {string.Join(", ", known)}"));

    private QueueSettings Read(ParseResult result) => new()
    {
        Peers = [.. result.GetValue(_peers)!.Select(name => QueueCatalog.All.First(peer => peer.Name == name))],
        Classes = [.. result.GetValue(_classes)!.Select(name => Classes[name])],
        Workloads = result.GetValue(_workloads)!,
        Rounds = result.GetValue(_rounds),
        Warmup = TimeSpan.FromSeconds(result.GetValue(_warmup)),
        Duration = TimeSpan.FromSeconds(result.GetValue(_seconds)),
        Messages = result.GetValue(_messages),
        BodyBytes = result.GetValue(_value),
        Rates = result.GetValue(_rates)!,
        Backlog = result.GetValue(_backlog),
        Cpu = result.GetValue(_cpu),
        KeepsRunning = result.GetValue(_keepRunning),
        CountsSyncs = result.GetValue(_countSyncs),
        Csv = result.GetValue(_csv),
    };
}
