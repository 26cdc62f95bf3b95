using Record = Granary.Store.Memory.Record;

namespace Granary.Store.Tests.Eviction;

/// <summary>The cas and the uses of a record share 64 bits.</summary>
public sealed class RecordUsesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    public void CountUse_SoOften_CountsToThreeAndLeavesTheCas(int times, int uses)
    {
        Record record = default;
        record.Begin(Record.GreatestCas, uses: 0);

        for (int time = 0; time < times; time++)
        {
            record.CountUse();
        }

        Assert.Equal(uses, record.Uses);
        Assert.Equal(Record.GreatestCas, record.Cas);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(Record.GreatestCas)]
    public void Cas_Changed_LeavesTheUses(ulong cas)
    {
        Record record = default;
        record.Begin(7, uses: 2);

        record.Cas = cas;

        Assert.Equal(cas, record.Cas);
        Assert.Equal(2, record.Uses);
    }
}
