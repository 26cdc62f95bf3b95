namespace Granary.Client;

/// <summary>Says which option has which value, and what it must be.</summary>
internal static class OptionCheck
{
    /// <exception cref="ArgumentException">The rule does not hold.</exception>
    public static void Holds(bool holds, string option, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} is {value}; it must be {rule}.", nameof(option));
        }
    }
}
