using System.CommandLine;
using Granary;
using Granary.ClientSample;
using Granary.ClientSample.Pi;
using Granary.ClientSample.Queue;
using Granary.ClientSample.Web;

var silo = new Option<string>("--silo")
{
    Description = "Where to connect: gateway addresses of one or more silos, HOST:PORT[,HOST:PORT...].",
    DefaultValueFactory = _ => "localhost:30000",
};

var hello = new Command("hello", "Put a value into the cache and read it back.") { silo };
hello.SetAction((result, cancellationToken) => Hello.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var basket = new Command("basket", "IDistributedCache: a basket that is kept for as long as somebody looks at it.") { silo };
basket.SetAction((result, cancellationToken) => Basket.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var fusion = new Command("fusion", "FusionCache over Granary: second level, backplane and distributed locker.") { silo };
fusion.SetAction((result, cancellationToken) => Fusion.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var count = new Option<int>("--count") { Description = "Numbers to square.", DefaultValueFactory = _ => 100 };
var squares = new Command("squares", "Cache-aside: slow squares, with and without the cache.") { silo, count };
squares.SetAction((result, cancellationToken) =>
    Squares.RunAsync(result.GetRequiredValue(silo), result.GetValue(count), cancellationToken));

var nightly = new Command("nightly", "A lease: of all processes that are started, one does the work.") { silo };
nightly.SetAction((result, cancellationToken) => Nightly.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var isSilo = new Option<bool>("--as-silo") { Description = "Be a silo, of 256 MiB, instead of a client of some." };
var port = new Option<int>("--port") { Description = "Port of the page.", DefaultValueFactory = _ => 5000 };
var web = new Command("web", "A web application with a cache and a queue.") { silo, isSilo, port };
web.SetAction((result, cancellationToken) => WebProgram.RunAsync(
    result.GetRequiredValue(silo), result.GetValue(isSilo), result.GetValue(port), cancellationToken));

var silos = new Option<int>("--silos") { Description = "Silos before the join.", DefaultValueFactory = _ => 3 };
var shards = new Command("shards", "Where keys land, and how few move when a silo joins. Needs no silo.") { silos };
shards.SetAction(result => Shards.Run(result.GetValue(silos)));

var queue = new Command("queue", "A work queue: a worker that crashes, retries, a dead letter, a redrive.") { silo };
queue.SetAction((result, cancellationToken) => Orders.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var crash = new Option<bool>("--crash") { Description = "Die in the middle of the first order." };
var worker = new Command("worker", "A worker of the queue that 'queue' fills.") { silo, crash };
worker.SetAction((result, cancellationToken) =>
    Worker.RunAsync(result.GetRequiredValue(silo), result.GetValue(crash), cancellationToken));

var samples = new Option<int>("--samples") { Description = "Points to throw.", DefaultValueFactory = _ => 20_000 };
var judges = new Option<int>("--judges") { Description = "Workers that judge them.", DefaultValueFactory = _ => 4 };
var chaos = new Option<bool>("--chaos") { Description = "Kill a judge in the middle." };
var poison = new Option<bool>("--poison") { Description = "Publish a point that breaks every judge." };
var pi = new Command("pi", "Pi, by publish-subscribe, request-reply and a pipeline.") { silo, samples, judges, chaos, poison };
pi.SetAction((result, cancellationToken) => new PiProgram(new PiOptions(
    result.GetRequiredValue(silo),
    result.GetValue(samples),
    result.GetValue(judges),
    result.GetValue(chaos),
    result.GetValue(poison))).RunAsync(cancellationToken));

var judge = new Command("judge", "A judge of 'pi', as a process of its own.") { silo };
judge.SetAction((result, cancellationToken) => PiProgram.RunJudgeAsync(result.GetRequiredValue(silo), cancellationToken));

var streams = new Command("streams", "Durable Orleans streams. Needs a silo that was started with --streams sample.") { silo };
streams.SetAction((result, cancellationToken) => Streaming.RunAsync(result.GetRequiredValue(silo), cancellationToken));

var root = new RootCommand("What a Granary client looks like.")
{
    hello,
    basket,
    fusion,
    squares,
    nightly,
    web,
    shards,
    queue,
    worker,
    pi,
    judge,
    streams,
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (GranaryUnavailableException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine("Does a silo run there, and does it ask for a certificate (GRANARY_CREDENTIALS=FOLDER)?");
    return 1;
}
