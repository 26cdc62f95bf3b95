using System.Globalization;

namespace Granary.Benchmarks.Scenarios.Memory;

/// <summary>How long keys and values are.</summary>
internal readonly record struct EntryShape(int KeyBytes, int ValueBytes)
{
    private const int LeastKeyBytes = 14; // "key:" and ten digits
    private const int GreatestKeyBytes = 100; // what a number is padded to, at most

    public static bool TryParse(string text, out EntryShape shape)
    {
        string[] parts = text.Split('+');
        shape = default;
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int key)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            || key is < LeastKeyBytes or > GreatestKeyBytes
            || value is < 1 or > 65_536)
        {
            return false;
        }

        shape = new EntryShape(key, value);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{KeyBytes}+{ValueBytes}");
}
