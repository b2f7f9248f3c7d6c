using System.CommandLine;
using UniqueRandom.Codes;

namespace UniqueRandom.Server.Terminal;

/// <summary>The switches that give a new pool codes.</summary>
internal sealed class CodeSwitches
{
    private readonly Option<string?> alphabet = Inputs.Text(
        "--code",
        $"Gives each number a code: {string.Join(", ", CodeAlphabet.Names)}, or the characters themselves.",
        "ALPHABET",
        text => CodeAlphabet.Validate(text) is null,
        CodeAlphabet.Rule);

    private readonly Option<long> length =
        Inputs.Integer("--code-length", "How many characters represent the number.", "COUNT", 1, CodeFormat.MaximumLength);

    private readonly Option<string?> prefix =
        Inputs.Text("--code-prefix", "What each code begins with. Default: nothing.", "TEXT", _ => true, "");

    private readonly Option<long> group = Inputs.Integer(
        "--code-group", "The number of characters of a group. Default: one group.", "COUNT", 0, CodeFormat.MaximumLength);

    private readonly Option<bool> check =
        Inputs.Flag("--code-check", "Adds a check symbol that detects mistyped codes.");

    public IEnumerable<Symbol> All => [alphabet, length, prefix, group, check];

    /// <summary>Reads the format; null if the pool has no codes.</summary>
    /// <exception cref="TerminalException">The format is not valid.</exception>
    public CodeFormat? Read(Session session)
    {
        if (session.Get(alphabet) is not { } characters)
        {
            var alone = ((Option[])[length, prefix, group, check]).FirstOrDefault(session.Has);
            return alone is null
                ? null
                : throw new TerminalException(ExitCodes.BadInput, $"{alone.Name} needs {alphabet.Name}; name an alphabet.");
        }

        if (!session.Has(length))
            throw new TerminalException(ExitCodes.BadInput, $"{alphabet.Name} needs {length.Name}; say how long a code is.");
        var (count, grouped) = ((int)session.Get(length), (int)session.Get(group));
        var (first, isChecked) = (session.Get(prefix) ?? "", session.Get(check));
        // Each sentence begins with the name of the member; the alphabet is valid.
        return CodeFormat.Validate(characters, count, first, grouped, isChecked) is { } error
            ? throw new TerminalException(ExitCodes.BadInput, $"{alphabet.Name}-{error}")
            : new CodeFormat(characters, count, first, grouped, isChecked);
    }
}
