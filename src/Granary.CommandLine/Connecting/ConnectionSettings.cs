namespace Granary.CommandLine.Connecting;

/// <summary>Which cluster, and how.</summary>
/// <param name="Seeds">Silos to ask first: HOST:PORT[,HOST:PORT].</param>
/// <param name="Credentials">The folder of the client's certificate; <see langword="null"/>: none.</param>
/// <param name="Timeout">How long one question may take.</param>
internal sealed record ConnectionSettings(string Seeds, string? Credentials, TimeSpan Timeout);
