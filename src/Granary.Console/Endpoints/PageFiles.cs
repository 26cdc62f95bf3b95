using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Granary.Console.Endpoints;

/// <summary>The page's files, out of the assembly.</summary>
internal sealed class PageFiles
{
    private const string First = "index.html";

    // Everything comes from the silo that is looked through.
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private readonly FrozenDictionary<string, (byte[] Bytes, string Type, EntityTagHeaderValue Tag)> _files;

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        _files = assembly.GetManifestResourceNames().ToFrozenDictionary(
            static name => name,
            name =>
            {
                using Stream stream = assembly.GetManifestResourceStream(name)!;
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                byte[] bytes = memory.ToArray();
                return (bytes, TypeOf(name), new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8))}\""));
            },
            StringComparer.Ordinal);
    }

    /// <summary>Paths of all files; the first page's is empty as well.</summary>
    public IEnumerable<string> Paths => _files.Keys.Append(string.Empty);

    /// <summary>Answers with a file, or that the browser has it.</summary>
    public Task SendAsync(string path, HttpContext context)
    {
        (byte[] bytes, string type, EntityTagHeaderValue tag) = _files[path.Length == 0 ? First : path];
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache"; // ask whether it has changed: another silo may be of another version
        return Results.Bytes(bytes, type, entityTag: tag).ExecuteAsync(context);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
