using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Granary.Silo.Access;

/// <summary>Who asks: by the token in the header <c>Authorization: Bearer</c>, or in the cookie of the login page.</summary>
internal sealed class TokenAuthentication(
    AccessTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "token";
    public const string CookieName = "granary-token";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        string? token = header?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? header[Bearer.Length..].Trim()
            : Request.Cookies[CookieName];
        if (string.IsNullOrEmpty(token))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(tokens.Find(token) is { } holder
            ? AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(holder), SchemeName))
            : AuthenticateResult.Fail("The token is nobody's."));
    }

    // A person is asked for the token, a program is told that it has none.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            Response.Redirect(LoginEndpoints.PathBackTo(Request.Path + Request.QueryString));
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    private static ClaimsPrincipal PrincipalOf(AccessToken holder) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, holder.Name),
            .. Enum.GetValues<AccessRole>()
                .Where(role => role <= holder.Role)
                .Select(role => new Claim(ClaimTypes.Role, $"{role}")),
        ],
        SchemeName));
}
