using System.Globalization;

namespace Granary.Benchmarks.Measurement;

/// <summary>One line per round, written as it is measured, so that an interrupted run keeps what it has.</summary>
internal sealed class CsvFile : IDisposable
{
    private readonly StreamWriter _writer;

    public CsvFile(string path, params string[] columns)
    {
        _writer = new StreamWriter(path) { AutoFlush = true };
        _writer.WriteLine(string.Join(',', columns));
    }

    /// <param name="values">None holds a comma: names, versions and numbers.</param>
    public void Add(params object[] values) => _writer.WriteLine(string.Join(',', values.Select(Format)));

    public void Dispose() => _writer.Dispose();

    private static string Format(object value) => value switch
    {
        double.NaN => "",
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
