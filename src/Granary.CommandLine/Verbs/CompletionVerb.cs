using System.CommandLine;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;

namespace Granary.CommandLine.Verbs;

// The scripts ask the program itself: 'granary [suggest:POSITION] LINE' answers what may follow, one a line, which is
// System.CommandLine's own directive. The line is without its first word.

/// <summary>The verb <c>completion</c>.</summary>
internal static class CompletionVerb
{
    private const string Description = """
        Prints a script that lets a shell complete the command 'granary'.

        bash: source <(granary completion bash)           in ~/.bashrc
        zsh:  source <(granary completion zsh)            in ~/.zshrc, after compinit
        fish: granary completion fish | source            in ~/.config/fish/config.fish
        pwsh: granary completion pwsh | Out-String | Invoke-Expression    in $PROFILE
        """;

    private const string Bash = """
        _granary() {
            local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
            line="${line#"${COMP_WORDS[0]}"}"
            line="${line# }"
            COMPREPLY=($(compgen -W "$(granary "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _granary granary
        """;

    private const string Zsh = """
        _granary() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a found=("${(@f)$(granary "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -- $found
        }
        compdef _granary granary
        """;

    private const string Fish = """
        function __granary_complete
            set -l line (commandline -cp | string replace -r '^\S+ ?' '')
            granary "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c granary -a '(__granary_complete)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName granary -ScriptBlock {
            param($word, $ast, $cursor)
            $line = $ast.ToString().PadRight($cursor) -replace '^\S+\s?', ''
            granary "[suggest:$($line.Length)]" $line 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };

    public static Command Create(Surroundings surroundings)
    {
        var shell = new Argument<string>("SHELL") { Description = "For which shell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", Description) { shell };
        command.SetAction(line =>
        {
            surroundings.Terminal.Out.WriteLine(Scripts[line.GetValue(shell)!]);
            return ExitCodes.Done;
        });
        return command;
    }
}
