using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>Makes binary requests on a few keys, of what memcached 1.6.18 answers as well.</summary>
internal sealed class RequestGenerator(Random random)
{
    private static readonly string[] Values =
        ["", "0", "5", "9", "10", "99", "007", "1000", "abc", "x", " 5", "5 ", "18446744073709551615"];

    private static readonly BinaryOpcode[] Gets =
        [BinaryOpcode.Get, BinaryOpcode.GetQuiet, BinaryOpcode.GetKey, BinaryOpcode.GetKeyQuiet];

    private static readonly BinaryOpcode[] Touches =
    [
        BinaryOpcode.Touch, BinaryOpcode.GetAndTouch, BinaryOpcode.GetAndTouchQuiet, BinaryOpcode.GetKeyAndTouch,
        BinaryOpcode.GetKeyAndTouchQuiet,
    ];

    private static readonly BinaryOpcode[] Stores =
    [
        BinaryOpcode.Set, BinaryOpcode.Set, BinaryOpcode.Set, BinaryOpcode.SetQuiet, BinaryOpcode.Add, BinaryOpcode.AddQuiet,
        BinaryOpcode.Replace, BinaryOpcode.ReplaceQuiet,
    ];

    private static readonly BinaryOpcode[] Joins =
        [BinaryOpcode.Append, BinaryOpcode.AppendQuiet, BinaryOpcode.Prepend, BinaryOpcode.PrependQuiet];

    private static readonly BinaryOpcode[] Counts =
        [BinaryOpcode.Increment, BinaryOpcode.IncrementQuiet, BinaryOpcode.Decrement, BinaryOpcode.DecrementQuiet];

    private static readonly BinaryOpcode[] Deletes = [BinaryOpcode.Delete, BinaryOpcode.DeleteQuiet];

    // All in the future or never: memcached's clock has whole seconds. 2,592,001 is a time of 1970.
    private static readonly uint[] Times = [0, 0, 1000, 2_592_000, 2_592_001, 4_000_000_000, uint.MaxValue];

    /// <summary>The next request.</summary>
    /// <param name="keys">Its key is one of them.</param>
    /// <param name="casOf">The cas that the key has in the server that is asked; 0 if it is not there.</param>
    public byte[] Next(string[] keys, Func<string, ulong> casOf)
    {
        string key = One(keys);
        return random.Next(20) switch
        {
            < 4 => Ask.Get(key, One(Gets)),
            < 6 => Ask.Touch(key, One(Times), One(Touches)),
            < 10 => Ask.Store(One(Stores), key, One(Values), (uint)random.Next(9), One(Times), Cas(key, casOf)),
            < 13 => Ask.Append(key, One(Values), Cas(key, casOf), One(Joins)),
            < 17 => Ask.Count(
                One(Counts), key, (ulong)random.Next(200), (ulong)random.Next(200), One(Times), Cas(key, casOf)),
            17 => Ask.Delete(key, Cas(key, casOf), One(Deletes)),
            18 => Ask.For((BinaryOpcode)(0x60 + random.Next(16)), value: One(Values)), // there a key is swallowed twice
            _ => Ask.NoOp((uint)random.Next()),
        };
    }

    private ulong Cas(string key, Func<string, ulong> casOf) => random.Next(6) switch
    {
        0 => casOf(key),
        1 => casOf(key) + 1000,
        _ => 0,
    };

    private T One<T>(T[] choices) => choices[random.Next(choices.Length)];
}
