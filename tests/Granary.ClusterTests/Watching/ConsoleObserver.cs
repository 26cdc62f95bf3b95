using System.Text.Json;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Watching;

/// <summary>A page that is open while silos come and go: when its silo ends it goes to another one.</summary>
internal sealed class ConsoleObserver : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Func<IReadOnlyList<SiloProcess>> _silos;
    private readonly List<JsonElement> _events = [];
    private readonly Task _watching;

    private ConsoleObserver(Func<IReadOnlyList<SiloProcess>> silos)
    {
        _silos = silos;
        _watching = WatchAsync();
    }

    /// <summary>Opens the page.</summary>
    /// <param name="silos">Those that run.</param>
    public static ConsoleObserver Start(Func<IReadOnlyList<SiloProcess>> silos) => new(silos);

    /// <summary>Closes the page.</summary>
    /// <returns>Every state of the cluster that it was shown.</returns>
    public async Task<IReadOnlyList<JsonElement>> CompleteAsync()
    {
        await _end.CancelAsync();
        await _watching;
        return _events;
    }

    /// <summary>Operations of all silos, added up over what was shown.</summary>
    public static double CountOperations(IReadOnlyList<JsonElement> events)
    {
        double sum = 0;
        foreach ((JsonElement earlier, JsonElement later) in events.Zip(events.Skip(1)))
        {
            double seconds = (later.GetProperty("time").GetInt64() - earlier.GetProperty("time").GetInt64()) / 1000.0;
            sum += seconds * later.GetProperty("silos").EnumerateArray()
                .Select(static silo => silo.GetProperty("rates"))
                .Where(static rates => rates.ValueKind != JsonValueKind.Null)
                .Sum(static rates => ((string[])["reads", "stores", "deletes"]).Sum(name => rates.GetProperty(name).GetDouble()));
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            using var console = ConsoleReader.Of(_silos()[^1]); // the youngest stays longest
            try
            {
                await foreach (JsonElement state in console.WatchAsync("cluster", _end.Token))
                {
                    _events.Add(state);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
            {
                // the silo has ended, or this observer
            }
        }
    }
}
