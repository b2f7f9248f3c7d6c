using System.CommandLine;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Writes a script that completes the command line.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completes UniqueRandom.Server in bash. Load it with: source <(UniqueRandom.Server completion bash)
        _uniquerandom() {
          mapfile -t COMPREPLY < <(
            compgen -W "$("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o bashdefault -o default -F _uniquerandom UniqueRandom.Server
        """;

    public static Verb Create()
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = "bash.",
            CustomParser = result =>
            {
                if (result.Tokens[0].Value is not "bash")
                    result.AddError($"SHELL must be bash; it is '{result.Tokens[0].Value}'.");
                return result.Tokens[0].Value;
            },
        };
        shell.CompletionSources.Add("bash");
        var verb = new Verb("completion", "Writes a script that completes the command line of a shell.")
        {
            MistakeExitCode = ExitCodes.BadInput,
            Notes = "Examples:\n  source <(UniqueRandom.Server completion bash)",
        };
        verb.Arguments.Add(shell);
        verb.SetAction(arguments => arguments.InvocationConfiguration.Output.WriteLine(Bash));
        return verb;
    }
}
