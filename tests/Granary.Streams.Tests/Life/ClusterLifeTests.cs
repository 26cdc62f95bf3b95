using Granary.Streams.Tests.Silos;
using Orleans.Streams;

namespace Granary.Streams.Tests.Life;

/// <summary>What silos that come and go do to streams: to Granary's, and to memory streams beside.</summary>
public sealed class ClusterLifeTests
{
    private readonly string _stream = $"{Guid.NewGuid():N}";

    [Fact]
    public async Task Agents_ThatMove_LoseNothing()
    {
        await using TestSilo first = await TestSilo.StartAsync();
        await first.SubscribeAsync(_stream, "one");
        string[] many = [.. Enumerable.Range(0, 16).Select(one => $"{_stream}-{one}")];
        await SendAsync(first, many, 1);

        TestSilo second = await TestSilo.StartAsync(first);
        await SendAsync(first, many, 2);
        await SendAsync(second, many, 3);
        await second.StopAsync();
        await SendAsync(first, many, 4);
        TestSilo third = await TestSilo.StartAsync(first);
        await SendAsync(third, many, 5);
        await third.KillAsync();
        await SendAsync(first, many, 6);

        foreach (string stream in many)
        {
            await WaitForAllAsync(stream, ImplicitSubscriber.Namespace, 6);
        }

        await WaitForAllAsync(_stream, "one", 6);
        Assert.Empty(await Counted.DeadAsync(first, TestSilo.Durable));
    }

    [Fact]
    public async Task Silo_ThatStartsAgain_GoesOnWhereItWas_AndMemoryStreamsHaveForgottenAll()
    {
        string folder = Directory.CreateTempSubdirectory("granary-streams-").FullName;
        await using (TestSilo before = await TestSilo.StartAsync(folder: folder))
        {
            await before.SubscribeAsync(_stream, "one");
            await before.SubscribeAsync(_stream, "memory", TestSilo.Memory);
            Seen.Behave(_stream, static (_, _) => throw new InvalidOperationException("not now"));
            await before.Explicit(_stream).OnNextAsync(1);
            await before.Explicit(_stream, TestSilo.Memory).OnNextAsync(1);
            await before.Explicit($"{_stream}-unheard").OnNextAsync(1);
            await Counted.WaitAsync(before, TestSilo.Durable, counts => counts.Deferred == 1);
        }

        Seen.Behave(_stream, static (_, _) => Task.CompletedTask);
        await using TestSilo after = await TestSilo.StartAsync(folder: folder);
        await after.Explicit(_stream).OnNextAsync(2);
        await after.Explicit(_stream, TestSilo.Memory).OnNextAsync(2);
        await after.SubscribeAsync($"{_stream}-unheard", "late");

        Assert.Equal([1, 2], await Seen.WaitAsync(_stream, "one", 2));
        Assert.Equal([1], await Seen.WaitAsync($"{_stream}-unheard", "late", 1));
        Assert.Empty(Seen.By(_stream, "memory"));
    }

    [Fact]
    public async Task Events_ThatNobodyWantsInTime_AreDeadLetters()
    {
        await using TestSilo silo = await TestSilo.StartAsync(configure: options => options.Retention = TimeSpan.FromTicks(1));

        await silo.Explicit(_stream).OnNextAsync(1);

        await Counted.WaitAsync(silo, TestSilo.Durable, counts => counts.Dead == 1);
        Assert.Equal(
            StreamDeadLetterReasons.NoSubscription, Assert.Single(await Counted.DeadAsync(silo, TestSilo.Durable)).Reason);
    }

    private static async Task WaitForAllAsync(string stream, string subscriber, int count)
    {
        IReadOnlyList<int> had = [];
        for (int least = count; had.Distinct().Count() < count; least = had.Count + 1)
        {
            had = await Seen.WaitAsync(stream, subscriber, least);
        }

        Assert.Equal(Enumerable.Range(1, count), had.Distinct().Order());
    }

    private async Task SendAsync(TestSilo silo, string[] streams, int number)
    {
        foreach (string stream in streams)
        {
            await silo.Implicit(stream).OnNextAsync(number);
        }

        await silo.Explicit(_stream).OnNextAsync(number);
    }
}
