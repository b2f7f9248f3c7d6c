using System.CommandLine;

namespace UniqueRandom.Server.Configuration;

/// <summary>Parses the command line into configuration keys.</summary>
internal static class CommandLine
{
    /// <summary>Reads the switches; null if help or the version was requested and has been written.</summary>
    /// <exception cref="StartException">A switch is unknown or has no value.</exception>
    public static IReadOnlyDictionary<string, string?>? Read(string[] args)
    {
        var options = Switches.All.ToDictionary(CreateOption, known => known.Setting);
        var root = new RootCommand("Hands out every number of a range exactly once, in unguessable order.");
        foreach (var option in options.Keys)
            root.Options.Add(option);

        var parsed = root.Parse(args);
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            throw new StartException(
                $"Unknown switch '{unknown}'; allowed are {string.Join(", ", Switches.All.Select(known => known.Name))}.");
        }

        if (parsed.Errors is [var error, ..])
            throw new StartException(error.Message);
        if (parsed.Action is not null)
        {
            parsed.Invoke();
            return null;
        }

        return options
            .Where(option => parsed.GetResult(option.Key) is { Implicit: false })
            .ToDictionary(
                option => option.Value, option => option.Key is Option<string> text ? parsed.GetValue(text) : bool.TrueString);
    }

    private static Option CreateOption(Switch known) => known.IsFlag
        ? new Option<bool>(known.Name) { Description = known.Description, Arity = ArgumentArity.Zero }
        : new Option<string>(known.Name) { Description = known.Description };
}
