namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>The keys as strings, made before anything is measured, and their value.</summary>
internal sealed class ClientData
{
    private readonly string[] _keys;

    public ClientData(int keyCount, int valueBytes)
    {
        _keys = [.. Enumerable.Range(0, keyCount).Select(number => $"key:{number:D12}")];
        Value = new byte[valueBytes];
        new Random(1).NextBytes(Value);
    }

    public int KeyCount => _keys.Length;

    /// <summary>Every key's value.</summary>
    public byte[] Value { get; }

    public string Key(int number) => _keys[number];
}
