using Microsoft.AspNetCore.Authorization;

namespace Granary.Silo.Access;

/// <summary>Who may use the HTTP port. Without a file of tokens everybody may.</summary>
internal static class AccessControl
{
    /// <summary>Adds what knows the tokens. Whatever says nothing else is for viewers.</summary>
    /// <exception cref="GranaryException">The file of tokens cannot be used.</exception>
    public static void AddAccessControl(this WebApplicationBuilder builder, string? tokenFile)
    {
        if (tokenFile is null)
        {
            return;
        }

        AccessTokens.Read(tokenFile); // refused before anything starts
        builder.Services.AddSingleton(provider => new AccessTokens(
            tokenFile, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AccessTokens>>()));
        builder.Services.AddWebEncoders();
        builder.Services.AddAuthenticationCore(static options => // AddAuthentication would also keep keys, which nothing needs
        {
            options.DefaultScheme = TokenAuthentication.SchemeName;
            options.AddScheme<TokenAuthentication>(TokenAuthentication.SchemeName, displayName: null);
        });
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireRole($"{AccessRole.Viewer}").Build());
    }

    /// <summary>Opens an endpoint to a role; those that say nothing are for viewers.</summary>
    public static void Restrict(this IEndpointConventionBuilder endpoint, WebApplication app, AccessRole role)
    {
        if (HasTokens(app))
        {
            endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = $"{role}" });
        }
    }

    /// <summary>Whether anybody has to show a token.</summary>
    public static bool HasTokens(WebApplication app) => app.Services.GetService<AccessTokens>() is not null;
}
