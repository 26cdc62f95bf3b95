using System.Globalization;
using Granary.ClusterTests.Silos;
using Granary.Streams;
using Granary.StreamSilo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace Granary.ClusterTests.Streams;

/// <summary>Streams with subscribers in the silos, to which a client sends at a fixed rate.</summary>
internal sealed class StreamLoad : IAsyncDisposable
{
    private const int Streams = 24; // half of them with an implicit subscriber, half with two explicit ones

    private static readonly string[] Implicit = [ImplicitRecorder.Namespace];
    private static readonly string[] Explicit = ["one", "two"];
    private static readonly TimeSpan Drained = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _reports = Directory.CreateTempSubdirectory("granary-stream-reports-");
    private readonly CancellationTokenSource _ending = new();
    private readonly Queues.QueueClients _clients = new();
    private readonly int _eventsPerSecond;
    private IStreamProvider? _provider;
    private Task _sending = Task.CompletedTask;
    private int _next;

    public StreamLoad(int eventsPerSecond)
    {
        _eventsPerSecond = eventsPerSecond;
        Ledger = new StreamLedger(_reports.FullName);
        Place = new SiloPlace
        {
            Folder = AppContext.BaseDirectory,
            Program = "Granary.StreamSilo.dll",
            Environment = [(StreamReport.Folder, _reports.FullName)],
        };
    }

    public StreamLedger Ledger { get; }

    /// <summary>Where silos with subscribers run.</summary>
    public SiloPlace Place { get; }

    /// <summary>Subscribes, and begins to send.</summary>
    public async Task StartAsync(IEnumerable<SiloProcess> silos)
    {
        IHost client = await _clients.ConnectAsync(
            silos,
            services => services.AddOrleansClient(orleans => orleans.AddGranaryStreams(
                ExplicitRecorder.Provider, options => options.OperationTimeout = TimeSpan.FromSeconds(50))));
        IGrainFactory grains = client.Services.GetRequiredService<IGrainFactory>();
        foreach (int stream in Enumerable.Range(0, Streams).Where(IsExplicit))
        {
            await Task.WhenAll(Explicit.Select(name =>
                grains.GetGrain<IExplicitRecorder>($"{name}|{KeyOf(stream)}").SubscribeAsync()));
        }

        _provider = client.Services.GetRequiredKeyedService<IStreamProvider>(ExplicitRecorder.Provider);
        _sending = SendAsync();
    }

    /// <summary>Ends the load, and waits until all that was confirmed has been had.</summary>
    /// <returns>What is missing when the time is over, and what came twice.</returns>
    public async Task<(IReadOnlyList<string> Missing, long Twice)> CompleteAsync()
    {
        await _ending.CancelAsync();
        await _sending;
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            (IReadOnlyList<string> missing, long twice) = Ledger.Compare(SubscribersOf);
            if (missing.Count == 0 || TimeProvider.System.GetElapsedTime(began) > Drained)
            {
                return (missing, twice);
            }

            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sending;
        await _clients.DisposeAsync();
        _ending.Dispose();
        _reports.Delete(recursive: true);
    }

    private static bool IsExplicit(int stream) => stream % 2 == 1;

    private static string KeyOf(int stream) => string.Create(CultureInfo.InvariantCulture, $"{stream:D2}");

    private static string[] SubscribersOf(string stream) =>
        IsExplicit(int.Parse(stream, CultureInfo.InvariantCulture)) ? Explicit : Implicit;

    private async Task SendAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1) / _eventsPerSecond);
        List<Task> sends = [];
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                sends.RemoveAll(send => send.IsCompletedSuccessfully);
                sends.Add(SendAsync(_next++));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sends);
        }
    }

    private async Task SendAsync(int number)
    {
        int stream = number % Streams;
        string name = IsExplicit(stream) ? ExplicitRecorder.Namespace : ImplicitRecorder.Namespace;
        try
        {
            await _provider!.GetStream<int>(StreamId.Create(name, KeyOf(stream))).OnNextAsync(number);
            Ledger.Confirm(KeyOf(stream), number);
        }
        catch (GranaryException)
        {
            Ledger.NoteUnknown();
        }
    }
}
