using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>
/// The operations of one caller that other silos execute: submitted one by one, then waited for together. Used again
/// after <see cref="Reset"/>.
/// </summary>
public sealed class RemoteWindow : IDisposable
{
    private readonly RemoteReply[] _replies;
    private readonly Action _completed;
    private readonly IByteBudget? _budget;
    private readonly Dictionary<int, OperationLink> _linkOfShard = [];
    private readonly List<OperationLink> _links = []; // each once: as many as there are silos
    private int _pending = 1; // one for the submission itself

    /// <param name="capacity">Most operations.</param>
    /// <param name="completed">
    /// Called once, by any thread, when all have been submitted and answered, unless <see cref="Send"/> says that. Must be quick.
    /// </param>
    /// <param name="budget">Bounds the values of the answers; one that does not fit in answers "no room".</param>
    public RemoteWindow(int capacity, Action completed, IByteBudget? budget = null)
    {
        _budget = budget;
        _replies = new RemoteReply[capacity];
        _completed = completed;
    }

    /// <summary>Operations submitted.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more fit.</summary>
    public bool IsFull => Count == _replies.Length;

    /// <summary>The answer to an operation, in the order of submission. After completion only.</summary>
    public ref readonly RemoteReply this[int index] => ref _replies[index];

    /// <summary>
    /// Ends the submission: the operations leave now, or with the next messages, and the window completes when all are
    /// answered.
    /// </summary>
    /// <returns>Whether it is complete, because nobody is waited for: then nobody is called.</returns>
    public bool Send()
    {
        foreach (OperationLink link in _links)
        {
            link.Send();
        }

        return Interlocked.Decrement(ref _pending) == 0;
    }

    /// <summary>Forgets the answers and gives their memory back. After completion only.</summary>
    public void Reset()
    {
        for (int index = 0; index < Count; index++)
        {
            _budget?.Return(_replies[index].Value.Length);
            _replies[index].Release();
        }

        Count = 0;
        _pending = 1;
        _linkOfShard.Clear();
        _links.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <summary>The link that the window's operations on a shard are in, if there are any.</summary>
    internal OperationLink? LinkOf(int shard) => _linkOfShard.GetValueOrDefault(shard);

    internal void Remember(int shard, OperationLink link)
    {
        _linkOfShard[shard] = link;
        if (!_links.Contains(link))
        {
            _links.Add(link);
        }
    }

    internal int Begin()
    {
        Interlocked.Increment(ref _pending);
        return Count++;
    }

    internal void Answer(int index, in PackedReply reply, byte shape)
    {
        if (_budget is null || _budget.TryTake(reply.Value.Length))
        {
            _replies[index].Set(reply, shape);
        }
        else
        {
            _replies[index].Set(CacheStatus.NoRoom);
        }

        Release();
    }

    internal void Answer(int index, CacheStatus status, ulong number = 0)
    {
        _replies[index].Set(status, number);
        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _completed();
        }
    }
}
