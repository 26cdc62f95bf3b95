using System.Collections.ObjectModel;

namespace Granary.Queues;

/// <summary>Which messages of a topic a subscription is about: those that meet all that is given.</summary>
[GenerateSerializer, Immutable, Alias("granary.MessageFilter")]
public sealed record MessageFilter
{
    /// <summary>The header that is a message's subject.</summary>
    public const string SubjectHeader = "subject";

    /// <summary>Patterns of a filter.</summary>
    public const int MaxSubjects = 16;

    /// <summary>Headers that a filter compares.</summary>
    public const int MaxHeaders = 16;

    /// <summary>Characters of a subject's pattern, a header's name, its value.</summary>
    public const int MaxTextLength = 256;

    [Id(0)]
    private readonly string[]? _subjects;

    [Id(1)]
    private readonly Dictionary<string, string>? _headers;

    /// <summary>All messages.</summary>
    public static MessageFilter All { get; } = new();

    /// <summary>
    /// Patterns, of which the message's subject must meet one. Its parts are separated by full stops: <c>*</c> is any one
    /// part, <c>></c> at the end any one or more (NATS's wildcards). Empty: any subject, or none.
    /// </summary>
    public IReadOnlyList<string> Subjects
    {
        get => _subjects ?? [];
        init => _subjects = value is null ? null : [.. value];
    }

    /// <summary>Headers that the message must have, with exactly these values.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ?? (IReadOnlyDictionary<string, string>)ReadOnlyDictionary<string, string>.Empty;
        init => _headers = value is null ? null : new Dictionary<string, string>(value, StringComparer.Ordinal);
    }

    /// <summary>Throws if it makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public void Validate()
    {
        OptionRule.Check(
            Subjects.Count <= MaxSubjects, "The number of MessageFilter.Subjects", Subjects.Count, $"at most {MaxSubjects}");
        foreach (string subject in Subjects)
        {
            OptionRule.Check(
                IsPattern(subject),
                "MessageFilter.Subjects",
                subject,
                $"at most {MaxTextLength} characters, parts between full stops that are not empty, '*' a whole one, '>' the last");
        }

        OptionRule.Check(
            Headers.Count <= MaxHeaders, "The number of MessageFilter.Headers", Headers.Count, $"at most {MaxHeaders}");
        foreach ((string name, string value) in Headers)
        {
            OptionRule.Check(
                name.Length is >= 1 and <= MaxTextLength && value.Length <= MaxTextLength,
                "MessageFilter.Headers",
                $"{name}: {value}",
                $"names of 1 to {MaxTextLength} characters, and values of no more");
        }
    }

    /// <summary>By what it asks for.</summary>
    public bool Equals(MessageFilter? other) =>
        other is not null && Subjects.SequenceEqual(other.Subjects, StringComparer.Ordinal) && Headers.Count == other.Headers.Count
        && Headers.All(one => other.Headers.TryGetValue(one.Key, out string? value) && value == one.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subjects.Count, Headers.Count);

    private static bool IsPattern(string subject)
    {
        string[] parts = subject.Split('.');
        return subject.Length <= MaxTextLength
            && parts.All(static part => part.Length > 0 && (part.Length == 1 || part.AsSpan().IndexOfAny('*', '>') < 0))
            && !parts.SkipLast(1).Contains(">", StringComparer.Ordinal);
    }
}
