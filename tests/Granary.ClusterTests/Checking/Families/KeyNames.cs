using System.Globalization;
using System.Text;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>Names entries: the family's letter, the slot, and which of the slot's keys in turn.</summary>
internal static class KeyNames
{
    public static string Of(char family, int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{family}:{slot}");

    /// <param name="family">A letter of its own.</param>
    /// <param name="slot">0-based.</param>
    /// <param name="turn">A slot goes on with another key when nothing can be said of the last one any more.</param>
    public static byte[] Of(char family, int slot, int turn) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{family}:{slot}:{turn}"));
}
