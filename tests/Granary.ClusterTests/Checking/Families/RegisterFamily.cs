using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Registers: each worker writes its own, all read all. See <see cref="Register"/>.</summary>
internal sealed class RegisterFamily : IKeyFamily
{
    private const int ReadsPerWrite = 2;
    private const int WritesPerDelete = 16;

    private readonly Register[] _registers;
    private readonly KeyWatch[] _watches;

    public RegisterFamily(int count, RunClock clock)
    {
        Tally = new FamilyTally("registers", clock) { Keys = count };
        _registers = [.. Enumerable.Range(0, count).Select(slot => new Register(slot, turn: 0, Tally))];
        _watches = [.. Enumerable.Range(0, count).Select(slot => new KeyWatch(KeyNames.Of('r', slot)))];
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => Task.CompletedTask;

    public ValueTask StepAsync(Worker worker)
    {
        int own = (_registers.Length - worker.Number + worker.Count - 1) / worker.Count;
        return own > 0 && worker.Random.Next(1 + ReadsPerWrite) == 0
            ? WriteAsync(worker, worker.Number + (worker.Random.Next(own) * worker.Count))
            : ReadAsync(worker, worker.Random.Next(_registers.Length), insist: false);
    }

    public async Task VerifyAsync(Worker worker)
    {
        for (int slot = worker.Number; slot < _registers.Length; slot += worker.Count)
        {
            await ReadAsync(worker, slot, insist: true);
        }
    }

    private async ValueTask WriteAsync(Worker worker, int slot)
    {
        Register register = _registers[slot];
        bool isDelete = worker.Random.Next(WritesPerDelete) == 0;
        long version = register.BeginWrite(isDelete);
        Operation operation = isDelete
            ? Operation.Delete(register.Key)
            : Operation.Set(register.Key, ValueOf(worker, slot, register.Turn, version));
        Reply reply = await worker.ExecuteAsync(operation, Tally, _watches[slot]);
        register.EndWrite(version, reply.Answer);
        if (isDelete && reply.Answer == Answer.Unknown)
        {
            // It may still be applied, and no later miss would say anything.
            _registers[slot] = new Register(slot, register.Turn + 1, Tally);
        }
    }

    private static Memory<byte> ValueOf(Worker worker, int slot, int turn, long version)
    {
        Memory<byte> value = worker.Scratch(RegisterValue.LengthOf(slot, turn, version));
        RegisterValue.Write(value.Span, slot, turn, version);
        return value;
    }

    private async ValueTask ReadAsync(Worker worker, int slot, bool insist)
    {
        Register register = _registers[slot];
        Register.Snapshot begin = register.BeginRead();
        var operation = Operation.Get(register.Key);
        Reply reply = insist
            ? await worker.InsistAsync(operation, Tally, _watches[slot])
            : await worker.ExecuteAsync(operation, Tally, _watches[slot]);
        if (reply.Answer == Answer.Done)
        {
            register.EndRead(begin, reply.Value.Span);
        }
        else if (reply.Answer == Answer.NotDone)
        {
            register.EndReadOfNothing(begin);
        }
        else if (insist)
        {
            Tally.Add(Anomaly.Unverified, register.Key, reply.Message ?? string.Empty);
        }
    }
}
