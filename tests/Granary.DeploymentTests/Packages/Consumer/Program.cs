// A web application that is a silo of Granary, uses all of it once, says what came of it, and ends.
// Arguments: free ports for silos, Orleans' clients and memcached's.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Cache;
using Granary.Client;
using Granary.Clustering;
using Granary.Console;
using Granary.Memcached;
using Granary.Queues;
using Granary.Streams;
using Microsoft.AspNetCore.OutputCaching;
using Orleans.Configuration;
using Orleans.Streams;

int[] ports = [.. args.Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
IPEndPoint here = new(IPAddress.Loopback, ports[0]);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Error); // what it prints is compared
builder.Host.UseOrleans(silo => silo
    .ConfigureEndpoints(here.Address, here.Port, gatewayPort: ports[1])
    .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = "consumer")
    .AddGranaryClustering(options => options.Primary = here)
    .AddGranaryQueues(options => options.Keeper = here)
    .AddGranaryStreams("news")
    .AddGranaryCache(options => options.MemoryLimitBytes = 64 << 20));
builder.Services.AddGranaryClient();
builder.Services.AddGranaryOutputCache();
builder.Services.AddGranaryConsole();
builder.Services.AddGranaryMemcached(options => options.Port = ports[2]);
await using WebApplication app = builder.Build();
app.MapGranaryConsole(new ConsoleOptions
{
    SiloName = "consumer",
    Version = "1.0.0",
    IsOpen = true,
    OperatorRole = "operator",
    DashboardPath = null,
    LogoutPath = "/logout",
});
using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
CancellationToken token = limit.Token;
await app.StartAsync(token);
while (!app.Services.GetRequiredService<LocalCache>().IsReady)
{
    await Task.Delay(20, token);
}

var cache = app.Services.GetRequiredService<IGranaryCache>();
await cache.SetAsync("greeting", "hello", cancellationToken: token);
Console.WriteLine($"cache: {(await cache.GetAsync<string>("greeting", token)).Value}");

using (var memcached = new TcpClient())
{
    await memcached.ConnectAsync(IPAddress.Loopback, ports[2], token);
    await using NetworkStream stream = memcached.GetStream();
    await stream.WriteAsync("set other 0 0 5\r\nworld\r\nget other\r\nquit\r\n"u8.ToArray(), token);
    using var reader = new StreamReader(stream, Encoding.ASCII);
    Console.WriteLine($"memcached: {string.Join(' ', (await reader.ReadToEndAsync(token)).Split("\r\n"))}");
}

var queues = app.Services.GetRequiredService<IGranaryQueues>();
await queues.CreateSender("letters").SendAsync(QueueMessage.Of("to you"), token);
IQueueReceiver receiver = queues.CreateReceiver("letters");
ReceivedMessage message = (await receiver.ReceiveAsync(1, TimeSpan.FromSeconds(30), token)).Single();
await receiver.CompleteAsync(message, token);
Console.WriteLine($"queue: {message.As<string>()}");

var responses = app.Services.GetRequiredService<IOutputCacheStore>();
await responses.SetAsync("page", "a page"u8.ToArray(), ["pages"], TimeSpan.FromMinutes(1), token);
Console.WriteLine($"output cache: {Encoding.UTF8.GetString((await responses.GetAsync("page", token))!)}");

var heard = new TaskCompletionSource<string>();
IAsyncStream<string> news = app.Services.GetRequiredService<IClusterClient>()
    .GetStreamProvider("news").GetStream<string>("news", "today");
await news.OnNextAsync("it rains");
await news.SubscribeAsync((text, _) =>
{
    heard.TrySetResult(text);
    return Task.CompletedTask;
});
Console.WriteLine($"streams: {await heard.Task.WaitAsync(token)}");

using var http = new HttpClient();
Console.WriteLine($"console: {(int)(await http.GetAsync(app.Urls.Single(), token)).StatusCode}");
await app.StopAsync(token);
