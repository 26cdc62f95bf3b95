using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Granary.Silo.Access;

/// <summary>Where a person gives the token, for a browser sends no header: it is kept in a cookie until the browser ends.</summary>
internal static class LoginEndpoints
{
    public const string LogoutPath = "/logout";

    private const string Path = "/login";
    private const string ReturnName = "return";

    /// <summary>The login page that leads back to a path of this silo.</summary>
    public static string PathBackTo(string path) => $"{Path}?{ReturnName}={Uri.EscapeDataString(path)}";

    /// <summary>Adds the page, what it sends to, and the way out, if anybody has to show a token.</summary>
    public static void MapLogin(this WebApplication app)
    {
        if (!AccessControl.HasTokens(app))
        {
            return;
        }

        app.MapGet(Path, () => Page(isWrong: false)).AllowAnonymous();
        app.MapPost(Path, Login).AllowAnonymous().DisableAntiforgery(); // SameSite=Strict: nobody else's page sends it
        app.MapPost(LogoutPath, (HttpResponse response) =>
        {
            response.Cookies.Delete(TokenAuthentication.CookieName);
            return Results.Redirect(Path);
        }).AllowAnonymous().DisableAntiforgery();
    }

    private static IResult Login(
        [FromForm] string? token, [FromQuery(Name = ReturnName)] string? back, AccessTokens tokens, HttpContext context)
    {
        if (token is null || tokens.Find(token.Trim()) is null)
        {
            return Page(isWrong: true);
        }

        context.Response.Cookies.Append(TokenAuthentication.CookieName, token.Trim(), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps, // over loopback it may be HTTP
        });

        return Results.Redirect(IsLocal(back) ? back! : "/");
    }

    // A path of this silo and no other host's: "//host" and "/\host" are others'.
    private static bool IsLocal(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);

    private static ContentHttpResult Page(bool isWrong) => TypedResults.Text(
        $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'self'">
        <title>Granary</title>
        <style>
          :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
          body { max-width: 22rem; margin: 20vh auto; padding: 0 1rem; }
          input, button { box-sizing: border-box; width: 100%; padding: .5rem; margin: .25rem 0 .75rem; font: inherit; }
          [role=alert] { color: light-dark(#a40000, #ff9b9b); }
        </style>
        <h1>Granary</h1>
        <form method="post">
          {{(isWrong ? "<p role=\"alert\">This token is nobody's.</p>" : string.Empty)}}
          <label>Access token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
          <button>Log in</button>
        </form>
        </html>

        """,
        "text/html; charset=utf-8",
        statusCode: isWrong ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);
}
