using System.Text;

namespace Granary.Administration.State;

/// <summary>Keys are bytes, and most of them are texts.</summary>
public static class KeyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A key as people read it: a text, or base 64 of what is none.</summary>
    /// <param name="key">Its bytes.</param>
    /// <param name="isBinary">Whether it is base 64.</param>
    public static string Of(ReadOnlySpan<byte> key, out bool isBinary)
    {
        try
        {
            string text = Strict.GetString(key);
            isBinary = text.Any(char.IsControl);
            return isBinary ? Convert.ToBase64String(key) : text;
        }
        catch (DecoderFallbackException)
        {
            isBinary = true;
            return Convert.ToBase64String(key);
        }
    }
}
