using System.Globalization;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>What a line of memcached's flags means to a silo, as far as it is read.</summary>
internal sealed class Translation
{
    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    /// <summary>By key of configuration.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>What cannot mean here what it means to memcached: a sentence for each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public bool IsVersionAsked { get; set; }

    public bool IsDaemon { get; set; }

    public bool HasSasl { get; set; }

    public bool HasNoTcp { get; set; }

    /// <summary>How often <c>-v</c> is given.</summary>
    public int Verbosity { get; set; }

    /// <summary>Whom to become; <see langword="null"/> for nobody.</summary>
    public string? User { get; set; }

    /// <summary>What <c>-l</c> names, in order.</summary>
    public List<string> Listen { get; } = [];

    /// <summary>Words of <c>-o</c> that have no subject here.</summary>
    public List<string> IgnoredWords { get; } = [];

    /// <summary>Sets an option of the silo; what was set before is forgotten.</summary>
    public void Set(SiloOption option, string value) => _settings[option.Key] = value;

    /// <summary>Sets it if nothing has been said of it.</summary>
    public void SetDefault(SiloOption option, string value) => _settings.TryAdd(option.Key, value);

    public bool IsSet(SiloOption option) => _settings.ContainsKey(option.Key);

    /// <summary>Sets what is no option.</summary>
    public void SetKey(string key, string value) => _settings[key] = value;

    /// <summary>Says something to those who started the silo, once.</summary>
    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>A flag that has no subject here, and that can do no harm.</summary>
    public void Ignore(char flag, string why) => Note($"-{flag} is ignored: {why}.");

    /// <summary>A number as a flag has it.</summary>
    /// <exception cref="SettingsException">It is none, or out of bounds.</exception>
    public static int Number(string flag, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw Wrong(flag, text, $"it must be a number from {min} to {max}");

    /// <summary>Refuses a flag.</summary>
    public static SettingsException Wrong(string flag, string value, string rule) => new($"{flag} is '{value}'; {rule}.");
}
