using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Outcomes;

namespace Granary.CommandLine.Values;

/// <summary>The key of an entry, which may be no text.</summary>
internal sealed class KeyArgument
{
    private readonly Argument<string> _key = new("KEY") { Description = "The entry's key." };

    private readonly Option<bool> _base64 = new("--base64")
    {
        Description = "KEY is base 64 of the key's bytes, as 'top' shows a key that is no text.",
    };

    /// <summary>To be added to a command.</summary>
    public Symbol[] Symbols => [_key, _base64];

    /// <summary>As it was typed.</summary>
    public string Text(ParseResult line) => line.GetValue(_key)!;

    /// <summary>As the cache knows it.</summary>
    /// <exception cref="VerbException">It is no key.</exception>
    public CacheKey Read(ParseResult line)
    {
        string text = Text(line);
        try
        {
            return line.GetValue(_base64) ? Convert.FromBase64String(text) : text;
        }
        catch (FormatException)
        {
            throw new VerbException($"KEY is '{text}': that is no base 64, which --base64 asks for.", ExitCodes.WrongCommandLine);
        }
    }
}
