using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Lists that all workers append tokens to and read. See <see cref="AppendList"/>.</summary>
internal sealed class ListFamily : IKeyFamily
{
    private const int AppendsPerRead = 4;

    private readonly LedgerSlots<AppendList> _lists;

    public ListFamily(int count, RunClock clock)
    {
        Tally = new FamilyTally("lists", clock) { Keys = count };
        _lists = new LedgerSlots<AppendList>(
            'a', count, AppendList.Header.ToArray(), Tally, (slot, turn) => new AppendList(slot, turn, Tally));
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => _lists.PrepareAsync(worker);

    public async ValueTask StepAsync(Worker worker)
    {
        (AppendList? list, KeyWatch watch) = await _lists.ChooseAsync(worker);
        if (list is null)
        {
            return;
        }

        if (worker.Random.Next(1 + AppendsPerRead) == 0)
        {
            await ReadAsync(worker, list, watch, insist: false);
            return;
        }

        int token = list.BeginAppend();
        if (token >= 0)
        {
            Memory<byte> bytes = worker.Scratch(AppendList.TokenBytes);
            AppendList.WriteToken(bytes.Span, token);
            Reply reply = await worker.ExecuteAsync(Operation.Append(list.Key, bytes), Tally, watch);
            list.EndAppend(token, reply.Answer);
        }
    }

    public async Task VerifyAsync(Worker worker)
    {
        foreach ((AppendList list, KeyWatch watch) in _lists.PartOf(worker).Where(pair => !pair.Ledger.IsLost))
        {
            await ReadAsync(worker, list, watch, insist: true);
        }
    }

    private async ValueTask ReadAsync(Worker worker, AppendList list, KeyWatch watch, bool insist)
    {
        int acknowledged = list.BeginRead();
        var operation = Operation.Get(list.Key);
        Reply reply = insist
            ? await worker.InsistAsync(operation, Tally, watch)
            : await worker.ExecuteAsync(operation, Tally, watch);
        if (reply.Answer == Answer.Done)
        {
            list.EndRead(acknowledged, reply.Value.Span);
        }
        else if (reply.Answer == Answer.NotDone)
        {
            list.EndReadOfNothing();
        }
        else if (insist)
        {
            Tally.Add(Anomaly.Unverified, list.Key, reply.Message ?? string.Empty);
        }
    }
}
