using System.Diagnostics;
using Granary.Cache;
using Granary.Cache.Routing;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// The answers, in order, from the first operation on that another silo executes: remote ones as places to be filled,
/// those between as bytes. One thread, but for the window's answers.
/// </summary>
internal sealed class ReplyPlan : IDisposable
{
    /// <summary>Operations that wait together.</summary>
    public const int MaxOperations = 64;

    // Bytes known already that are kept for behind the remote answers.
    private const int MaxSideBytes = 64 << 10;

    // What a connection keeps of its side buffer between two plans.
    private const int KeptSideBytes = 4 << 10;

    private readonly LocalCache _cache;
    private readonly RemoteWindow _window;
    private readonly List<PlanItem> _items = [];
    private int _nextItem;
    private int _nextByte;
    private int _nextReply;
    private int _literalStart;
    private int _completed;

    public ReplyPlan(GatewayState gateway, Action resume)
    {
        _cache = gateway.Cache;
        _window = new RemoteWindow(
            MaxOperations,
            () =>
            {
                Volatile.Write(ref _completed, 1);
                resume();
            },
            gateway.Budget);
    }

    /// <summary>Answers that follow, and keys.</summary>
    public OutputBuffer Side { get; } = new();

    public bool IsEmpty => _items.Count == 0;

    /// <summary>Whether it is waited for.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether it should be waited for before more is added.</summary>
    public bool IsFull => _window.IsFull || Side.Length >= MaxSideBytes;

    /// <summary>Whether all remote operations are answered.</summary>
    public bool IsComplete => Volatile.Read(ref _completed) != 0;

    /// <summary>Whether every piece was read.</summary>
    public bool IsDone => _nextItem == _items.Count;

    /// <summary>Adds a remote operation.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="operation">What is executed.</param>
    /// <param name="bytes">Of a get its key; of others the command's line, if somebody wants to know what it has done.</param>
    /// <param name="noReply">Whether the client reads no answer.</param>
    public void Add(PlanItemKind kind, in PackedOperation operation, ReadOnlySpan<byte> bytes, bool noReply)
    {
        AddItem(kind, bytes, noReply);
        _cache.Submit(operation, _window);
    }

    /// <summary>Adds a meta command or a binary request that another silo executes.</summary>
    /// <param name="line">Its bytes, without its value.</param>
    /// <param name="operation">What is executed.</param>
    public void AddCommand(ReadOnlySpan<byte> line, in PackedOperation operation)
    {
        AddItem(PlanItemKind.Command, line, noReply: false);
        _cache.Submit(operation, _window);
    }

    /// <summary>Begins the answer to a change that is done on this silo: write it to <see cref="Side"/>.</summary>
    /// <returns>For <see cref="AddConfirmed"/>.</returns>
    public int BeginConfirmed()
    {
        EndLiteral();
        return Side.Length;
    }

    /// <summary>Adds the answer that was written: it waits for the shard's replica.</summary>
    public void AddConfirmed(int shard, int beganAt)
    {
        _items.Add(new PlanItem(PlanItemKind.Confirmed, Side.Length - beganAt, NoReply: false));
        _literalStart = Side.Length;
        _cache.Confirm(shard, CacheStatus.Success, 0, _window);
    }

    /// <summary>Adds a change that is done on this silo, and whose answer waits for the shard's replica.</summary>
    public void AddDone(PlanItemKind kind, int shard, CacheStatus status, ulong number, bool noReply)
    {
        AddItem(kind, bytes: default, noReply);
        _cache.Confirm(shard, status, number, _window);
    }

    /// <summary>Adds the END of a retrieval.</summary>
    public void AddEnd(ReadOnlySpan<byte> end) => AddItem(PlanItemKind.End, end, noReply: false);

    /// <summary>Lets the remote operations go: nothing is added until all is answered.</summary>
    public void Send()
    {
        IsSent = true;
        EndLiteral();
        if (_window.Send())
        {
            Volatile.Write(ref _completed, 1);
        }
    }

    /// <summary>The next piece, without taking it.</summary>
    /// <param name="bytes">Of a literal or a confirmed answer its bytes, of a get its key, of others what came with them.</param>
    public PlanItem Peek(out ReadOnlySpan<byte> bytes)
    {
        PlanItem item = _items[_nextItem];
        bytes = Side.Written.Slice(_nextByte, item.Length);
        return item;
    }

    /// <summary>The answer to the next piece, a remote operation.</summary>
    public ref readonly RemoteReply Reply => ref _window[_nextReply];

    /// <summary>Takes the next piece.</summary>
    public void Next()
    {
        PlanItem item = _items[_nextItem++];
        _nextByte += item.Length;
        _nextReply += item.Kind is PlanItemKind.Literal or PlanItemKind.End ? 0 : 1;
    }

    /// <summary>Takes pieces up to and including the next END.</summary>
    public void SkipToEnd()
    {
        while (!IsDone)
        {
            bool isEnd = _items[_nextItem].Kind == PlanItemKind.End;
            Next();
            if (isEnd)
            {
                return;
            }
        }
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Debug.Assert(IsComplete, "Another silo may still answer.");
        _window.Reset();
        _items.Clear();
        Side.Clear();
        Side.TrimTo(KeptSideBytes);
        _nextItem = 0;
        _nextByte = 0;
        _nextReply = 0;
        _literalStart = 0;
        _completed = 0;
        IsSent = false;
    }

    public void Dispose() => _window.Dispose();

    private void AddItem(PlanItemKind kind, ReadOnlySpan<byte> bytes, bool noReply)
    {
        EndLiteral();
        Side.Write(bytes);
        _literalStart = Side.Length;
        _items.Add(new PlanItem(kind, bytes.Length, noReply));
    }

    private void EndLiteral()
    {
        int length = Side.Length - _literalStart;
        if (length > 0)
        {
            _items.Add(new PlanItem(PlanItemKind.Literal, length, NoReply: false));
            _literalStart = Side.Length;
        }
    }
}
