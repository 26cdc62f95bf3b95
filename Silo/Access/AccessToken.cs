namespace Granary.Silo.Access;

/// <summary>One who may use the HTTP port.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">What for.</param>
internal sealed record AccessToken(string Name, AccessRole Role);
