using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Records;

namespace Granary.Queues.Tests.Owners;

public sealed class ContentCacheTests
{
    private readonly ContentCache _cache = new(maxBytes: 1000);

    [Fact]
    public void Row_ThatBeginsAsAPartDoes_IsHeldWhole()
    {
        _cache.Add(Part(0, 10));
        _cache.Add(Row(0, 30));

        Assert.All(Enumerable.Range(0, 30), offset => Assert.True(_cache.TryGet(offset, out _)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pieces_ThatOverlap_LeaveNoHoleWhenOneGoes(bool rowFirst)
    {
        _cache.Add(rowFirst ? Row(0, 60) : Row(40, 60));
        _cache.Add(Part(20, 50));
        for (int first = 100; first < 200; first += 10)
        {
            _cache.Add(Row(first, first + 10)); // the first goes
            Assert.All(Enumerable.Range(first, 10), offset => Assert.True(_cache.TryGet(offset, out _)));
        }

        _cache.Add(Part(20, 50));
        Assert.All(Enumerable.Range(20, 30), offset => Assert.True(_cache.TryGet(offset, out _)));
    }

    private static TopicPart Part(long first, long end) =>
        new(end, [.. Enumerable.Range((int)first, (int)(end - first)).Select(offset => Message(offset))]);

    private static LogRow Row(long first, long end)
    {
        ByteWriter written = new();
        for (long offset = first; offset < end; offset++)
        {
            RecordFormat.WriteSent(written, Message(offset));
        }

        return new LogRow(first, end, written.Written.ToArray());
    }

    private static StoredMessage Message(long offset) => new(offset, 0, 0, long.MaxValue, null, null, default, new byte[10]);
}
