using System.Globalization;
using Granary.Client;

namespace Granary.ClientSample.Pi;

/// <summary>
/// The five programs of the chapter on message queues in "Foundations of Python Network Programming". They throw points at
/// a square, and count those in the quarter of a circle.
/// </summary>
internal static class Roles
{
    private const int Batch = 100;

    // Publishes points, each under the quarter of the square that it is in.
    public static async Task BitSourceAsync(IQueueSender points, int samples, CancellationToken cancellationToken)
    {
        Random random = new(1);
        for (int first = 0; first < samples; first += Batch)
        {
            await points.SendBatchAsync(
                [.. Enumerable.Range(first, Math.Min(Batch, samples - first)).Select(number => Sample(number, random))],
                cancellationToken);
        }
    }

    // The lower left quarter is in the circle, wherever the point is.
    public static Task AlwaysYesAsync(MessageContext sample, IQueueSender tally, CancellationToken cancellationToken) =>
        tally.SendAsync(Verdict(sample, isInside: true), cancellationToken);

    // In the other three it has to be computed, which is somebody else's business.
    public static async Task JudgeAsync(
        MessageContext sample, IQueueRequester pythagoras, IQueueSender tally, CancellationToken cancellationToken)
    {
        Point point = sample.Message.As<Point>();
        string squares = await pythagoras.RequestAsync<Point, string>(point, TimeSpan.FromSeconds(30), cancellationToken);
        bool isInside = UInt128.Parse(squares, CultureInfo.InvariantCulture) < UInt128.One << 64;
        await tally.SendAsync(Verdict(sample, isInside), cancellationToken);
    }

    // Answers with the sum of two squares: up to 65 bits, so as text.
    public static Task<string> PythagorasAsync(Point point, CancellationToken cancellationToken) => Task.FromResult(
        (((UInt128)point.X * point.X) + ((UInt128)point.Y * point.Y)).ToString(CultureInfo.InvariantCulture));

    // Counts.
    public static Task TallyAsync(MessageContext verdict, Tally tally)
    {
        tally.Add(verdict.Message.MessageId!, verdict.Message.As<string>() == "Y");
        return Task.CompletedTask;
    }

    private static QueueMessage Sample(int number, Random random)
    {
        Point point = new((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32));
        return QueueMessage.Of(point) with { MessageId = $"sample-{number}", Subject = $"pi.bits.{point.Quarter}" };
    }

    // Named as the sample is: however often a judge dies after it has sent one, there is one.
    private static QueueMessage Verdict(MessageContext sample, bool isInside) =>
        QueueMessage.Of(isInside ? "Y" : "N") with { MessageId = sample.Message.MessageId };
}
