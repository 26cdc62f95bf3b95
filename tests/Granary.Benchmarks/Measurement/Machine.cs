using System.Globalization;
using System.Runtime.InteropServices;

namespace Granary.Benchmarks.Measurement;

/// <summary>Where the figures come from: a figure without its machine says nothing.</summary>
internal static class Machine
{
    private const string ModelLabel = "model name";

    public static string Describe()
    {
        string? model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(IsModel);
        string processor = model?[(model.IndexOf(':') + 1)..].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}";
        string date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{date}, {processor}, {Environment.ProcessorCount} cores, Linux {Environment.OSVersion.Version}, "
            + RuntimeInformation.FrameworkDescription;
    }

    private static bool IsModel(string line) => line.StartsWith(ModelLabel, StringComparison.Ordinal);
}
