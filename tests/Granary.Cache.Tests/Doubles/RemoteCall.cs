using System.Text;
using Granary.Cache.Routing;
using Granary.Wire;

namespace Granary.Cache.Tests.Doubles;

/// <summary>A caller whose operations other silos execute.</summary>
internal sealed class RemoteCall : IDisposable
{
    /// <summary>What a test waits that fails.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheRouter _router;
    private readonly RemoteWindow _window;

    public RemoteCall(CacheRouter router)
    {
        _router = router;
        _window = new RemoteWindow(capacity: 10, _done.SetResult);
    }

    public RemoteCall Submit(CacheOperation operation, string key, string value = "", bool mayDetour = true)
    {
        var packed = new PackedOperation
        {
            Operation = operation,
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(value),
        };
        _router.Submit(packed, _window, mayDetour);
        return this;
    }

    public RemoteCall SubmitTagged(string key, string value)
    {
        var packed = new PackedOperation
        {
            Operation = CacheOperation.PutWith,
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(value),
            Options = new OperationOptions { Mode = CacheOperation.Set, Tags = new ulong[] { 1 } },
        };
        _router.Submit(packed, _window, mayDetour: true);
        return this;
    }

    /// <summary>Lets them go.</summary>
    /// <returns>When all are answered: like <c>Success value</c>.</returns>
    public async Task<string[]> SendAsync()
    {
        if (_window.Send())
        {
            _done.SetResult();
        }

        await _done.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, _window.Count).Select(Describe)];
    }

    public void Dispose() => _window.Dispose();

    private string Describe(int index) => $"{_window[index].Status} {Encoding.UTF8.GetString(_window[index].Value)}".TrimEnd();
}
