namespace Granary.Benchmarks.Load;

/// <summary>So many gets to so many sets.</summary>
internal readonly record struct GetSetRatio(int Gets, int Sets)
{
    public override string ToString() => $"{Gets}:{Sets}";
}
