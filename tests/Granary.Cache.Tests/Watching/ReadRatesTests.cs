using CsCheck;
using Granary.Cache.Watching;

namespace Granary.Cache.Tests.Watching;

/// <summary>Which keys are read often.</summary>
public sealed class ReadRatesTests
{
    private const int Threshold = 16;
    private const long Period = 100;

    private readonly ReadRates _rates = new(Period, Threshold);

    [Fact]
    public void Key_IsHot_FromTheThresholdOn()
    {
        Assert.Equal(Threshold - 1, Enumerable.Range(0, Threshold - 1).Count(_ => !_rates.Add(1, now: 0)));

        Assert.True(_rates.Add(1, now: 0));
        Assert.True(_rates.Add(1, now: 0));
    }

    [Theory]
    [InlineData((Threshold / 2) + 1, true)]
    [InlineData(Threshold / 2, false)]
    public void Key_ThatIsReadSteadily_IsHotAboveHalfOfItAPeriod(int readsPerPeriod, bool isHot)
    {
        bool wasHot = false;
        for (int read = 0; read < readsPerPeriod * 20; read++)
        {
            wasHot |= _rates.Add(1, Period * (read / readsPerPeriod));
        }

        Assert.Equal(isHot, wasHot);
    }

    [Fact]
    public void Key_ThatWasHot_IsNotAfterAWhile()
    {
        for (int read = 0; read < 1000; read++)
        {
            _rates.Add(1, now: 0);
        }

        Assert.False(_rates.Add(1, Period * 10));
    }

    [Fact]
    public void Key_ThatIsHalved_IsHotWhenItWasTwice()
    {
        for (int read = 0; read < 2 * Threshold; read++)
        {
            _rates.Add(1, now: 0);
        }

        _rates.Halve(1);
        Assert.True(_rates.Add(1, now: 0));

        _rates.Halve(1);
        Assert.False(_rates.Add(1, now: 0));
    }

    [Fact]
    public void Key_ThatIsReadMoreThanAnotherOfItsCell_IsHot_AndTheOtherIsNot()
    {
        ulong other = Enumerable.Range(1, 1_000_000).Select(static number => (ulong)number << 32)
            .First(static hash => ReadRates.CellOf(hash) == ReadRates.CellOf(1));
        bool isHot = false;
        for (int read = 0; read < 2 * Threshold; read++)
        {
            isHot |= _rates.Add(1, now: 0);
            Assert.False(_rates.Add(other, now: 0));
            isHot |= _rates.Add(1, now: 0);
        }

        Assert.True(isHot);
    }

    [Fact]
    public void Key_ThatWasCountedLong_DoesNotOverflow()
    {
        for (int read = 0; read < 3 * ushort.MaxValue; read++)
        {
            Assert.Equal(read >= Threshold - 1, _rates.Add(1, now: 0));
        }
    }

    // Whatever share a key has of all reads, as long as its neighbours in its cell have less together.
    [Fact]
    public void HotKey_AmongManyOthers_IsFound_AndNoneOfThem() => Gen.Select(Gen.ULong, Gen.Int[2, 20], Gen.Int).Sample(
        static (hot, share, seed) =>
        {
            var rates = new ReadRates(Period, Threshold);
            var random = new Random(seed);
            bool isFound = false;
            for (int read = 0; read < Threshold * 4 * share; read++)
            {
                isFound |= read % share == 0
                    ? rates.Add(hot, now: read / 100)
                    : rates.Add((ulong)random.NextInt64(), now: read / 100) && Fail();
            }

            return isFound;
        },
        iter: 200);

    private static bool Fail() => throw new InvalidOperationException("A key that was read once is hot.");
}
