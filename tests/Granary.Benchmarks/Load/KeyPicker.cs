namespace Granary.Benchmarks.Load;

/// <summary>Draws key numbers from 0 to the count of keys, the same ones for the same seed.</summary>
internal sealed class KeyPicker
{
    private const double ZipfExponent = 0.99; // YCSB, ZipfianGenerator.ZIPFIAN_CONSTANT

    private readonly KeyDistribution _distribution;
    private readonly int _keyCount;
    private readonly Random _random;
    private readonly double[]? _cumulativeWeights;
    private readonly int[]? _keyOfRank;

    public KeyPicker(KeyDistribution distribution, int keyCount, Random random)
    {
        _distribution = distribution;
        _keyCount = keyCount;
        _random = random;
        if (distribution == KeyDistribution.Zipf)
        {
            _cumulativeWeights = CumulativeWeights(keyCount);
            _keyOfRank = [.. Enumerable.Range(0, keyCount)];
            random.Shuffle(_keyOfRank);
        }
    }

    public int Next()
    {
        if (_distribution == KeyDistribution.HotKey && _random.Next(10) > 0)
        {
            return 0;
        }

        if (_cumulativeWeights is null)
        {
            return _random.Next(_keyCount);
        }

        int found = Array.BinarySearch(_cumulativeWeights, _random.NextDouble() * _cumulativeWeights[^1]);
        return _keyOfRank![Math.Min(found < 0 ? ~found : found, _keyCount - 1)];
    }

    private static double[] CumulativeWeights(int keyCount)
    {
        var weights = new double[keyCount];
        double sum = 0;
        for (int rank = 0; rank < keyCount; rank++)
        {
            sum += 1 / Math.Pow(rank + 1, ZipfExponent);
            weights[rank] = sum;
        }

        return weights;
    }
}
