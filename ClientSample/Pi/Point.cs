using System.Globalization;

namespace Granary.ClientSample.Pi;

/// <summary>A point of the unit square, whose sides are 2^32 long.</summary>
internal sealed record Point(uint X, uint Y)
{
    /// <summary>The first bits of both coordinates: which quarter of the square it is in.</summary>
    public string Quarter => string.Create(CultureInfo.InvariantCulture, $"{X >> 31}{Y >> 31}");
}
