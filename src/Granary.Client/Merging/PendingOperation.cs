using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Granary.Client.Routing;
using Granary.Wire;

namespace Granary.Client.Merging;

// One call of the cache, awaited by its caller and answered by links. It has one slot per key.
//
// Two parties hold it: the links, until every slot is answered, and the caller, until it has taken the result. Only
// when both are done does it go back to its pool, so a call that was cancelled or ran out of time completes at once,
// and the answers that still arrive for it find it, are counted, and harm nobody.
//
// It completes once: by its last answer, a failure, its deadline or its token, whichever claims it first. Callers
// continue on the thread pool, never inside a link. One that blocks its thread is woken by the thread that completes the
// call: none of the pool has to be free for it.

/// <summary>A call that waits for its answers. Thread-safe where it says so.</summary>
internal abstract class PendingOperation
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private int _unanswered;
    private int _holders;
    private int _claimed;
    private TaskCompletionSource? _blocked;
    private CallMeasure _measure;

    public CacheOperation Kind { get; private set; }

    /// <summary>Keys that the call is about.</summary>
    public int Slots { get; private set; }

    /// <summary>When the call fails. A timestamp of the client's clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether the caller has its result, so that nothing needs to be done for it any more.</summary>
    public bool IsCompleted => Volatile.Read(ref _claimed) != 0;

    /// <summary>Whether executing it twice does no harm, so that a lost answer may be asked for again.</summary>
    public bool MayRepeat => Kind is CacheOperation.Get or CacheOperation.GetAndTouch;

    /// <summary>Whether it is not enough to know that there is one.</summary>
    public virtual bool WantsValue => true;

    protected short Version => _core.Version;

    /// <summary>Keeps the answer of one slot. The link's thread; before <see cref="Answered"/>.</summary>
    public abstract void Answer(int slot, in OperationReply reply);

    /// <summary>
    /// Tells that slots have their answers, or need none. Leave the operation alone afterwards. Thread-safe.
    /// </summary>
    public void Answered(int slots)
    {
        int left = slots == Slots ? 0 : Interlocked.Add(ref _unanswered, -slots);
        Debug.Assert(left >= 0, "More answers than slots.");
        if (left != 0)
        {
            return;
        }

        // The caller still holds the operation while it is unclaimed, so it stays ours until the result is set.
        bool claimed = TryClaim();
        TaskCompletionSource? blocked = _blocked;
        if (claimed)
        {
            _measure.End(Kind, Slots);
        }

        LetGo();
        if (claimed)
        {
            _core.SetResult(true);
            blocked?.SetResult();
        }
    }

    /// <summary>Fails the call, unless it has completed. Thread-safe; only while slots are unanswered.</summary>
    public void Fail(Exception error)
    {
        if (TryClaim())
        {
            TaskCompletionSource? blocked = _blocked;
            _measure.End(Kind, Slots, error);
            _core.SetException(error);
            blocked?.SetResult();
        }
    }

    /// <summary>The caller will <see cref="Wait"/>. Before the call is submitted.</summary>
    public void Block() => _blocked = new TaskCompletionSource();

    /// <summary>Blocks the caller until the call has completed.</summary>
    /// <returns>The token with which it takes the result.</returns>
    /// <remarks>
    /// Deadlines are found by a timer, which needs the pool; when that has no thread at all they are found here.
    /// </remarks>
    public short Wait(Deadlines deadlines)
    {
        Task completed = _blocked!.Task;
        if (!BlockedThreads.Wait(completed, deadlines.Patience))
        {
            Fail(deadlines.TimedOut(this, sent: true));
            completed.GetAwaiter().GetResult(); // whoever was first is at it
        }

        return Version;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected void Begin(CacheOperation kind, int slots, long deadline, CancellationToken cancellationToken)
    {
        Kind = kind;
        Slots = slots;
        Deadline = deadline;
        _unanswered = slots;
        _holders = 2;
        _measure = CallMeasure.Begin();
        Volatile.Write(ref _claimed, 0);
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (operation, token) => ((PendingOperation)operation!).Fail(new OperationCanceledException(token)),
                this);
        }
    }

    /// <summary>The caller takes the result. Throws what the call failed with.</summary>
    protected void Take(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The operation is still running: await it.");
        }

        _cancellation.Dispose(); // Waits for a callback that runs now: none can meet the operation's next life.
        _core.GetResult(token);
    }

    /// <summary>The caller is done with the operation.</summary>
    protected void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _cancellation = default;
            _blocked = null;
            _core.Reset();
            Return();
        }
    }

    /// <summary>Forgets what the call was about and goes back to the pool.</summary>
    protected abstract void Return();

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
