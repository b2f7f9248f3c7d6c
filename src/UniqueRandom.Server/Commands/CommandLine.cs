using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Commands;

/// <summary>The command line: the switches of the server, and verbs that have switches of their own.</summary>
internal static class CommandLine
{
    private static readonly InvocationConfiguration Configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        // The host handles signals.
        ProcessTerminationTimeout = null,
    };

    /// <summary>A value that starts with @ is a value, not a file with switches.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the server or a verb, or writes help or the version. Returns the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="serve">Runs the server with settings from its switches.</param>
    /// <param name="verbs">The verbs.</param>
    /// <exception cref="StartException">The command line of the server is not valid.</exception>
    public static Task<int> RunAsync(
        string[] args, Func<IReadOnlyDictionary<string, string?>, Task<int>> serve, params IEnumerable<Verb> verbs)
    {
        var root = new RootCommand("Hands out every number of a range exactly once, in unguessable order.");
        Add(root, Switches.All, serve);
        foreach (var verb in verbs)
            root.Subcommands.Add(verb);
        HelpExamples.Add(root);

        var parsed = root.Parse(args, Parsing);
        if (MistakeIn(parsed) is not { } mistake)
            return parsed.InvokeAsync(Configuration);
        if (parsed.CommandResult.Command is not Verb called)
            throw new StartException(mistake);
        Console.Error.WriteLine(mistake);
        return Task.FromResult(called.MistakeExitCode);
    }

    /// <summary>Creates a verb.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="switches">The names of the switches that it has in common with the server.</param>
    /// <param name="run">Runs it with the settings of the server, and returns the exit code.</param>
    public static Verb CreateVerb(
        string name, string description, IEnumerable<string> switches, Func<IConfiguration, Task<int>> run)
    {
        var verb = new Verb(name, description);
        Add(verb, Switches.All.Where(known => switches.Contains(known.Name)), values =>
        {
            var settings = new ConfigurationManager();
            settings.AddSettings(values);
            return run(settings);
        });
        return verb;
    }

    /// <summary>Returns which arguments, switches and verbs a command has, for a message.</summary>
    public static string AllowedIn(CommandResult result) => $"allowed are {string.Join(", ", NamesOf(result.Command))}";

    private static string? MistakeIn(ParseResult parsed)
    {
        if (parsed.Action is HelpExamples)
            return null;
        // A command line to complete is not finished.
        if (((RootCommand)parsed.RootCommandResult.Command).Directives.Any(known => parsed.GetResult(known) is not null))
            return null;
        if (parsed.Errors.FirstOrDefault(mistake => mistake.SymbolResult is ArgumentResult) is { } argument)
            return argument.Message;
        if (parsed.CommandResult.Command != parsed.RootCommandResult.Command && SwitchBefore(parsed) is { } early)
            return $"The switch {early} stands before {parsed.CommandResult.Command.Name}; write it behind.";
        if (parsed.UnmatchedTokens is not [var unknown, ..])
            return parsed.Errors is [var error, ..] ? error.Message : null;
        return $"Unknown {(unknown.StartsWith('-') ? "switch" : "argument")} '{unknown}'; {AllowedIn(parsed.CommandResult)}.";
    }

    /// <summary>Returns a switch of the server in front of a verb, which would have no effect.</summary>
    private static string? SwitchBefore(ParseResult parsed) => parsed.RootCommandResult.Children.OfType<OptionResult>()
        .FirstOrDefault(option => !option.Implicit)?.Option.Name;

    private static void Add(
        Command command, IEnumerable<Switch> switches, Func<IReadOnlyDictionary<string, string?>, Task<int>> run)
    {
        var options = switches.ToDictionary(CreateOption, known => known.Setting);
        foreach (var option in options.Keys)
            command.Options.Add(option);
        command.SetAction((parsed, _) => run(options
            .Where(option => parsed.GetResult(option.Key) is { Implicit: false })
            .ToDictionary(
                option => option.Value,
                string? (option) => (option.Key is Option<string> text ? parsed.GetValue(text) : null) ?? bool.TrueString)));
    }

    private static Option CreateOption(Switch known) => known.IsFlag
        ? new Option<bool>(known.Name) { Description = known.Description, Arity = ArgumentArity.Zero }
        : new Option<string>(known.Name)
        {
            Description = known.Description,
            Arity = known.HasOptionalValue ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };

    private static IEnumerable<string> NamesOf(Command command) => command.Arguments.Select(argument => argument.Name)
        .Concat(command.Options
        .Where(option => option is not (HelpOption or VersionOption)).Select(option => option.Name))
        .Concat(command.Subcommands.Select(verb => verb.Name));
}
