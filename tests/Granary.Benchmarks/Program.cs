using System.CommandLine;
using Granary.Benchmarks.Scenarios.Churn;
using Granary.Benchmarks.Scenarios.Clients;
using Granary.Benchmarks.Scenarios.Cluster;
using Granary.Benchmarks.Scenarios.HitRatio;
using Granary.Benchmarks.Scenarios.Kv;
using Granary.Benchmarks.Scenarios.Memory;
using Granary.Benchmarks.Scenarios.Queues;
using Granary.Benchmarks.Scenarios.WebConsole;

var root = new RootCommand("Measures Granary beside its peers, interleaved in one run.")
{
    KvCommand.Create(),
    ClientsCommand.Create(),
    ClusterCommand.Create(),
    HitRatioCommand.Create(),
    MemoryCommand.Create(),
    ChurnCommand.Create(),
    QueueCommand.Create(),
    WebConsoleCommand.Create(),
};

// After Ctrl+C or SIGTERM the servers still have to be stopped; ServerProcess gives each 20 s.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(90) };
return await root.Parse(args).InvokeAsync(invocation);
