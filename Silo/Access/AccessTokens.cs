using System.Security.Cryptography;
using System.Text;
using Granary.Security;

namespace Granary.Silo.Access;

/// <summary>The tokens of the HTTP port: lines <c>role:name:token</c> of a file that may be replaced at any time. Thread-safe.</summary>
internal sealed class AccessTokens
{
    // 24 characters of base 64 are 144 bits: nobody guesses them, however often he tries.
    internal const int MinTokenLength = 24;

    private const int MaxTokens = 256;

    private readonly ReloadedFiles<Dictionary<string, AccessToken>> _tokens;

    /// <exception cref="GranaryException">The file cannot be read, or a line is wrong; the message says which.</exception>
    public AccessTokens(string file, TimeProvider time, ILogger<AccessTokens> logger) => _tokens = new(
        [file],
        () => Read(file),
        time,
        loaded => logger.TokensReloaded(file, loaded.Count),
        reason => logger.TokensNotReloaded(reason));

    /// <summary>Whose token it is; <see langword="null"/> for nobody's.</summary>
    public AccessToken? Find(string token) => _tokens.Current.GetValueOrDefault(DigestOf(token));

    /// <summary>Reads a file. Empty lines and those with <c>#</c> in front are none.</summary>
    /// <exception cref="GranaryException">It cannot be read, or a line is wrong; no message has a token in it.</exception>
    public static Dictionary<string, AccessToken> Read(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryException($"The file '{file}' cannot be read: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, AccessToken> Parse(string text, string file)
    {
        var tokens = new Dictionary<string, AccessToken>(StringComparer.Ordinal);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.Split(':', 3) is not [string role, { Length: > 0 } name, { Length: >= MinTokenLength } token]
                || !TryParse(role, out AccessRole parsed))
            {
                throw new GranaryException(
                    $"Line {i + 1} of '{file}' is not role:name:token with a role of metrics, viewer or operator and a token of at "
                    + $"least {MinTokenLength} characters.");
            }

            if (!tokens.TryAdd(DigestOf(token), new AccessToken(name, parsed)) || tokens.Count > MaxTokens)
            {
                throw new GranaryException(
                    $"Line {i + 1} of '{file}' has a token of an earlier line, or is one more than {MaxTokens}.");
            }
        }

        return tokens;
    }

    private static bool TryParse(string text, out AccessRole role)
    {
        (bool isRole, role) = text switch
        {
            "metrics" => (true, AccessRole.Metrics),
            "viewer" => (true, AccessRole.Viewer),
            "operator" => (true, AccessRole.Operator),
            _ => (false, default),
        };
        return isRole;
    }

    // Looked up by its hash, a token is not told by the time that it takes.
    private static string DigestOf(string token) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
