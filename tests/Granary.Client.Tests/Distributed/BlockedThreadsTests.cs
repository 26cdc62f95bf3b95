using Granary.Client.Distributed;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Distributed;

/// <summary>Synchronous calls on every thread that the pool may have.</summary>
[Collection(nameof(BlockedThreadsTests))]
[CollectionDefinition(nameof(BlockedThreadsTests), DisableParallelization = true)]
public sealed class BlockedThreadsTests
{
    // What a test waits that fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Calls_OnAllThreadsOfThePool_AreCompletedByTheOneThatBringsTheirAnswers()
    {
        using FakeCluster cluster = Connected(new FakeCluster());
        var cache = new GranaryDistributedCache(cluster.RawCache, new GranaryDistributedCacheOptions(), TimeProvider.System);
        var held = new TaskCompletionSource(); // goes on where it is set
        cluster.Silo.BeforeExecute = _ => held.Task;
        cluster.Store["key"] = new FakeEntry([1]);

        WithAFullPool(calls: 3, () => Assert.Equal([1], cache.Get("key")), held.SetResult);
    }

    // Its clock stands still as well: nobody but the callers finds that their time is over.
    [Fact]
    public void Calls_ThatNobodyAnswers_EndWithoutAnotherThread()
    {
        using FakeCluster cluster = Connected(new FakeCluster(
            configure: options => options.OperationTimeout = TimeSpan.FromMilliseconds(200), time: new FakeTimeProvider()));
        var cache = new GranaryDistributedCache(cluster.RawCache, new GranaryDistributedCacheOptions(), TimeProvider.System);
        var held = new TaskCompletionSource();
        cluster.Silo.BeforeExecute = _ => held.Task;

        WithAFullPool(calls: 1, () => Assert.Throws<GranaryUnavailableException>(() => cache.Get("key")), static () => { });
        held.SetResult();
    }

    [Fact]
    public void Threads_OfThePoolThatAreBlocked_AreReplacedForAsLong()
    {
        const int Callers = 5;
        using FakeCluster cluster = Connected(new FakeCluster());
        var cache = new GranaryDistributedCache(cluster.RawCache, new GranaryDistributedCacheOptions(), TimeProvider.System);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Silo.BeforeExecute = _ => held.Task;
        using var ended = new CountdownEvent(Callers);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        int before = LeastThreads();

        for (int caller = 0; caller < Callers; caller++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Run(() => cache.Get("key"), failures, ended), null);
        }

        Assert.True(SpinWait.SpinUntil(() => LeastThreads() == before + Callers, Patience), $"{LeastThreads()}, not {before} + 5.");
        held.SetResult();
        Assert.True(ended.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(before, LeastThreads());
        Assert.Empty(failures);
    }

    private static FakeCluster Connected(FakeCluster cluster)
    {
        cluster.ConnectedAsync().GetAwaiter().GetResult();
        return cluster;
    }

    // Makes so many calls for each thread of a pool that is as small as it can be, and acts when all of them are blocked.
    private static void WithAFullPool(int calls, Action call, Action act)
    {
        ThreadPool.GetMinThreads(out int leastWorkers, out int leastCompletions);
        ThreadPool.GetMaxThreads(out int workers, out int completions);
        int most = Environment.ProcessorCount;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        using var ended = new CountdownEvent(most * calls);
        bool isFull = false;
        var driver = new Thread(() =>
        {
            for (int number = 0; number < most * calls; number++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => Run(call, failures, ended), null);
            }

            isFull = SpinWait.SpinUntil(static () => AvailableThreads() == 0, Patience);
            act();
            ended.Wait(Patience);
        });
        Assert.True(ThreadPool.SetMinThreads(1, leastCompletions) && ThreadPool.SetMaxThreads(most, completions));
        try
        {
            driver.Start();
            driver.Join();
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, completions);
            ThreadPool.SetMinThreads(leastWorkers, leastCompletions);
        }

        Assert.True(isFull, "The pool had free threads all the time.");
        Assert.True(ended.IsSet, $"{ended.CurrentCount} of {most * calls} calls have not ended.");
        Assert.Empty(failures);
    }

    private static int LeastThreads()
    {
        ThreadPool.GetMinThreads(out int workers, out _);
        return workers;
    }

    private static int AvailableThreads()
    {
        ThreadPool.GetAvailableThreads(out int workers, out _);
        return workers;
    }

    private static void Run(
        Action call, System.Collections.Concurrent.ConcurrentQueue<Exception> failures, CountdownEvent ended)
    {
        try
        {
            call();
        }
        catch (Exception error)
        {
            failures.Enqueue(error);
        }

        ended.Signal();
    }
}
