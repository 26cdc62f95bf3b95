using System.Diagnostics;

namespace Granary.Silo.Hosting;

/// <summary>This program once more, as another process.</summary>
internal static class OwnProgram
{
    /// <summary>How it is started: by itself, or by <c>dotnet</c> if this one was.</summary>
    public static ProcessStartInfo With(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        string[] itself = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OwnProgram).Assembly.Location] : [];
        return new ProcessStartInfo(program, [.. itself, .. arguments]) { UseShellExecute = false };
    }
}
