using System.Buffers.Text;
using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Numbers that all workers count up by gets and cas. See <see cref="SwapRegister"/>.</summary>
internal sealed class SwapFamily : IKeyFamily
{
    private const int MaxDigits = 20;

    private readonly LedgerSlots<SwapRegister> _registers;

    public SwapFamily(int count, RunClock clock)
    {
        Tally = new FamilyTally("cas", clock) { Keys = count };
        _registers = new LedgerSlots<SwapRegister>(
            's', count, "0"u8.ToArray(), Tally, (slot, turn) => new SwapRegister(slot, turn, Tally));
    }

    public FamilyTally Tally { get; }

    public Task PrepareAsync(Worker worker) => _registers.PrepareAsync(worker);

    public async ValueTask StepAsync(Worker worker)
    {
        (SwapRegister? register, KeyWatch watch) = await _registers.ChooseAsync(worker);
        if (register is null)
        {
            return;
        }

        long highest = register.BeginRead();
        Reply read = await worker.ExecuteAsync(Operation.Get(register.Key), Tally, watch);
        if (read.Answer == Answer.NotDone)
        {
            register.EndReadOfNothing();
        }

        if (read.Answer != Answer.Done)
        {
            return;
        }

        long number = Parse(read.Value.Span);
        register.EndRead(highest, number);
        if (number >= 0 && await worker.TurnAsync())
        {
            await SwapAsync(worker, register, watch, number + 1, read.Cas);
        }
    }

    public async Task VerifyAsync(Worker worker)
    {
        foreach ((SwapRegister register, KeyWatch watch) in _registers.PartOf(worker).Where(pair => !pair.Ledger.IsOver))
        {
            Reply reply = await worker.InsistAsync(Operation.Get(register.Key), Tally, watch);
            if (!reply.IsAnswered)
            {
                Tally.Add(Anomaly.Unverified, register.Key, reply.Message ?? string.Empty);
            }
            else if (reply.Answer == Answer.NotDone)
            {
                register.EndReadOfNothing();
            }
            else
            {
                register.Verify(Parse(reply.Value.Span));
            }
        }
    }

    private async ValueTask SwapAsync(
        Worker worker, SwapRegister register, KeyWatch watch, long number, ulong cas)
    {
        Memory<byte> digits = worker.Scratch(MaxDigits);
        number.TryFormat(digits.Span, out int length, provider: CultureInfo.InvariantCulture);
        register.BeginSwap(number);
        var swap = Operation.CompareAndSet(register.Key, digits[..length], cas);
        Reply reply = await worker.ExecuteAsync(swap, Tally, watch);
        register.EndSwap(number, reply.Answer);
    }

    private static long Parse(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out int length) && length == digits.Length ? number : -1;
}
