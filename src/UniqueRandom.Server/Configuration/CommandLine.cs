using System.CommandLine;
using System.CommandLine.Help;

namespace UniqueRandom.Server.Configuration;

/// <summary>The command line: the switches of the server, and verbs that have switches of their own.</summary>
internal static class CommandLine
{
    private static readonly InvocationConfiguration Configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        // The host handles signals.
        ProcessTerminationTimeout = null,
    };

    /// <summary>Runs the server or a verb, or writes help or the version. Returns the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="serve">Runs the server with settings from its switches.</param>
    /// <param name="verbs">The verbs.</param>
    /// <exception cref="StartException">A switch is unknown or has no value.</exception>
    public static Task<int> RunAsync(
        string[] args, Func<IReadOnlyDictionary<string, string?>, Task<int>> serve, params ReadOnlySpan<Command> verbs)
    {
        var root = new RootCommand("Hands out every number of a range exactly once, in unguessable order.");
        Add(root, Switches.All, serve);
        foreach (var verb in verbs)
            root.Subcommands.Add(verb);
        HelpExamples.Add(root);

        var parsed = root.Parse(args);
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            throw new StartException(
                $"Unknown switch '{unknown}'; allowed are {string.Join(", ", NamesOf(parsed.CommandResult.Command))}.");
        }

        if (parsed.Errors is [var error, ..])
            throw new StartException(error.Message);
        return parsed.InvokeAsync(Configuration);
    }

    /// <summary>Creates a verb.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="switches">The names of the switches that it has in common with the server.</param>
    /// <param name="run">Runs it with the settings of the server, and returns the exit code.</param>
    public static Command CreateVerb(
        string name, string description, IEnumerable<string> switches, Func<IConfiguration, Task<int>> run)
    {
        var verb = new Command(name, description);
        Add(verb, Switches.All.Where(known => switches.Contains(known.Name)), values =>
        {
            var settings = new ConfigurationManager();
            settings.AddSettings(values);
            return run(settings);
        });
        return verb;
    }

    private static void Add(
        Command command, IEnumerable<Switch> switches, Func<IReadOnlyDictionary<string, string?>, Task<int>> run)
    {
        var options = switches.ToDictionary(CreateOption, known => known.Setting);
        foreach (var option in options.Keys)
            command.Options.Add(option);
        command.SetAction((parsed, _) => run(options
            .Where(option => parsed.GetResult(option.Key) is { Implicit: false })
            .ToDictionary(
                option => option.Value, option => option.Key is Option<string> text ? parsed.GetValue(text) : bool.TrueString)));
    }

    private static Option CreateOption(Switch known) => known.IsFlag
        ? new Option<bool>(known.Name) { Description = known.Description, Arity = ArgumentArity.Zero }
        : new Option<string>(known.Name) { Description = known.Description };

    private static IEnumerable<string> NamesOf(Command command) => command.Options
        .Where(option => option is not (HelpOption or VersionOption)).Select(option => option.Name)
        .Concat(command.Subcommands.Select(verb => verb.Name));
}
