namespace Granary.Silo.Settings;

/// <summary>An option has a value that it cannot have. The message is for the person who started the silo.</summary>
internal sealed class SettingsException(string message) : Exception(message);
