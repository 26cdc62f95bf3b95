using System.Collections.Concurrent;

namespace Granary.Streams.Tests.Silos;

/// <summary>
/// What all subscribers of the process have been given, and how they are told to behave. Each test has streams of its own, by
/// their keys.
/// </summary>
internal static class Seen
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<(string Subscriber, int Event)>> All =
        new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Func<string, int, Task>> Behaviours = new(StringComparer.Ordinal);

    /// <summary>Says what subscribers of a stream do with an event before it counts as had.</summary>
    public static void Behave(string stream, Func<string, int, Task> behaviour) => Behaviours[stream] = behaviour;

    public static async Task HaveAsync(string stream, string subscriber, int value)
    {
        if (Behaviours.TryGetValue(stream, out Func<string, int, Task>? behaviour))
        {
            await behaviour(subscriber, value);
        }

        All.GetOrAdd(stream, static _ => []).Enqueue((subscriber, value));
    }

    public static IReadOnlyList<int> By(string stream, string subscriber) =>
        [.. All.GetOrAdd(stream, static _ => []).Where(one => one.Subscriber == subscriber).Select(one => one.Event)];

    /// <summary>Waits until a subscriber has had so many events of a stream.</summary>
    /// <exception cref="TimeoutException">It has not, in 20 s.</exception>
    public static async Task<IReadOnlyList<int>> WaitAsync(string stream, string subscriber, int count)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (By(stream, subscriber).Count < count)
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException(
                    $"'{subscriber}' was to have {count} events of {stream}; it has {string.Join(' ', By(stream, subscriber))}.");
            }

            await Task.Delay(5);
        }

        return By(stream, subscriber);
    }
}
