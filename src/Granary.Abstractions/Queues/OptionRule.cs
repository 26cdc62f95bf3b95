namespace Granary.Queues;

/// <summary>Checks what somebody has set.</summary>
internal static class OptionRule
{
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public static void Check(bool holds, string option, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} is {value}; it must be {rule}.", option);
        }
    }
}
