using System.Text.Json;

namespace Granary.Queues.Topics;

/// <summary>Tells whether a filter means a message. Headers are a JSON object of texts, as clients pack them. Thread-safe.</summary>
internal sealed class FilterMatcher(MessageFilter filter)
{
    private readonly string[][] _subjects = [.. filter.Subjects.Select(static subject => subject.Split('.'))];

    private readonly bool _meansAll = filter.Subjects.Count == 0 && filter.Headers.Count == 0;

    public bool Means(StoredMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _meansAll || (!message.Headers.IsEmpty && MeansHeaders(message.Headers.Span));
    }

    // The last of two headers of one name counts, as for a client.
    private bool MeansHeaders(ReadOnlySpan<byte> headers)
    {
        bool hasSubject = _subjects.Length == 0;
        HashSet<string> met = new(StringComparer.Ordinal);
        try
        {
            Utf8JsonReader reader = new(headers);
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    reader.Skip(); // no text
                    continue;
                }

                if (_subjects.Length > 0 && name == MessageFilter.SubjectHeader)
                {
                    string[] parts = reader.GetString()!.Split('.');
                    hasSubject = Array.Exists(_subjects, pattern => Means(pattern, parts));
                }

                if (filter.Headers.TryGetValue(name, out string? wanted))
                {
                    _ = reader.ValueTextEquals(wanted) ? met.Add(name) : met.Remove(name);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false; // no headers: another program's message, which has what it has
        }

        return hasSubject && met.Count == filter.Headers.Count;
    }

    private static bool Means(string[] pattern, string[] parts)
    {
        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == ">")
            {
                return parts.Length > index;
            }

            if (index >= parts.Length || (pattern[index] != "*" && pattern[index] != parts[index]))
            {
                return false;
            }
        }

        return parts.Length == pattern.Length;
    }
}
