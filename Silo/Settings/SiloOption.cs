namespace Granary.Silo.Settings;

/// <summary>One option of the silo: on the command line, in the environment, in <c>appsettings.json</c>.</summary>
/// <param name="Name">On the command line, without the dashes.</param>
/// <param name="Key">In configuration; in the environment with <c>__</c> for <c>:</c>.</param>
/// <param name="Default">As text; empty for none.</param>
/// <param name="ValueName">What the value is, for the help.</param>
/// <param name="Description">With units.</param>
/// <param name="Implied">What it is on the command line without a value; <see langword="null"/> if it needs one.</param>
internal sealed record SiloOption(
    string Name, string Key, string Default, string ValueName, string Description, string? Implied = null);
