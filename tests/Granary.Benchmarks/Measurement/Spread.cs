using System.Globalization;

namespace Granary.Benchmarks.Measurement;

/// <summary>Median, smallest and largest of what the rounds measured.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return new Spread(double.NaN, double.NaN, double.NaN);
        }

        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>For example "374 (351-380)"; "-" when nothing was measured.</summary>
    public string ToString(string format)
    {
        return double.IsNaN(Median) ? "-" : $"{Text(Median)} ({Text(Min)}-{Text(Max)})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
