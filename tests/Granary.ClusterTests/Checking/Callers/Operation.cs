namespace Granary.ClusterTests.Checking.Callers;

/// <summary>One operation on one key, in the words that both protocols share.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Key">1 to 250 bytes, no space or control byte.</param>
/// <param name="Value">Of those that store. Not changed by the caller until the answer is there.</param>
/// <param name="Flags">Of those that store.</param>
/// <param name="LifetimeSeconds">Of those that store, and of touch; 0 is for ever.</param>
/// <param name="Cas">Of compare-and-set.</param>
internal readonly record struct Operation(
    OperationKind Kind,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Value = default,
    uint Flags = 0,
    int LifetimeSeconds = 0,
    ulong Cas = 0)
{
    /// <summary>Reads value, flags and cas.</summary>
    public static Operation Get(ReadOnlyMemory<byte> key) => new(OperationKind.Get, key);

    public static Operation Set(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, uint flags = 0, int lifetimeSeconds = 0) =>
        new(OperationKind.Set, key, value, flags, lifetimeSeconds);

    public static Operation Add(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        new(OperationKind.Add, key, value);

    public static Operation Append(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        new(OperationKind.Append, key, value);

    public static Operation CompareAndSet(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, ulong cas) =>
        new(OperationKind.CompareAndSet, key, value, Cas: cas);

    /// <summary>Adds 1.</summary>
    public static Operation Increment(ReadOnlyMemory<byte> key) => new(OperationKind.Increment, key);

    public static Operation Touch(ReadOnlyMemory<byte> key, int lifetimeSeconds) =>
        new(OperationKind.Touch, key, LifetimeSeconds: lifetimeSeconds);

    public static Operation Delete(ReadOnlyMemory<byte> key) => new(OperationKind.Delete, key);
}
