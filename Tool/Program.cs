using System.CommandLine;
using Granary.CommandLine;

var root = new RootCommand(GranaryVerbs.Description);
foreach (Command verb in GranaryVerbs.All())
{
    root.Subcommands.Add(verb);
}

return await GranaryVerbs.InvokeAsync(root.Parse(args));
