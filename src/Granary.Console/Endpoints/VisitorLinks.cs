namespace Granary.Console.Endpoints;

/// <summary>Where else to go.</summary>
/// <param name="Dashboard">Orleans' dashboard; <see langword="null"/>: it is not there.</param>
/// <param name="Logout">Where to log out; <see langword="null"/>: nobody is logged in.</param>
internal sealed record VisitorLinks(string? Dashboard, string? Logout);
