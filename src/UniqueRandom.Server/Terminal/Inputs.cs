using System.CommandLine;
using System.CommandLine.Parsing;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates arguments and switches that are checked while the command line is parsed.</summary>
internal static class Inputs
{
    private const string PoolRule = "is not a valid name of a pool; use 1 to 64 of the characters a-z 0-9 - _";

    public static Argument<string> Pool(string? fallback = null)
    {
        const string name = "POOL";
        var pool = new Argument<string>(name)
        {
            Description = "The name of the pool.",
            HelpName = name,
            Arity = fallback is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            CustomParser = result => ReadText(result, text => PoolName.IsValid(text) && !IsSwitch(text), PoolRule),
        };
        if (fallback is not null)
            pool.DefaultValueFactory = _ => fallback;
        pool.CompletionSources.Add(PoolCompletion.Find);
        return pool;
    }

    public static Argument<string> NumberOrCode() => new("NUMBER|CODE")
    {
        Description = "The number, or the code if the pool has codes.",
        CustomParser = result => ReadText(result, text => !IsSwitch(text), ""),
    };

    /// <param name="name">The name of the switch.</param>
    /// <param name="description">The description.</param>
    /// <param name="value">What its value is, in the help.</param>
    /// <param name="smallest">The smallest value.</param>
    /// <param name="largest">The largest value.</param>
    public static Option<long> Integer(
        string name, string description, string value, long smallest = long.MinValue, long largest = long.MaxValue) => new(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result => ReadInteger(result, smallest, largest),
        };

    /// <param name="name">The name of the switch.</param>
    /// <param name="description">The description.</param>
    /// <param name="value">What its value is, in the help.</param>
    /// <param name="isValid">Whether a value is valid.</param>
    /// <param name="rule">What a value must be, after the name in a message.</param>
    public static Option<string?> Text(
        string name, string description, string value, Func<string, bool> isValid, string rule) => new(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result => ReadText(result, isValid, rule),
        };

    public static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };

    /// <param name="name">The name of the switch.</param>
    /// <param name="description">The description.</param>
    /// <param name="choices">The values. The first is the default.</param>
    public static Option<string> Choice(string name, string description, params string[] choices)
    {
        var choice = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result => ReadText(result, choices.Contains, $"must be {string.Join(" or ", choices)}"),
            DefaultValueFactory = _ => choices[0],
        };
        choice.CompletionSources.Add(choices);
        return choice;
    }

    /// <summary>Creates the switch for the kind of an order; null if it is not given.</summary>
    /// <param name="description">The description.</param>
    public static Option<string?> Order(string description)
    {
        string[] orders = [OrderName.Stored, OrderName.Computed];
        var order = Text(
            "--order", description, string.Join('|', orders), orders.Contains, $"must be {string.Join(" or ", orders)}");
        order.CompletionSources.Add(orders);
        return order;
    }

    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static string ReadText(ArgumentResult result, Func<string, bool> isValid, string rule)
    {
        var text = result.Tokens[0].Value;
        if (!isValid(text))
            Refuse(result, text, rule);
        return text;
    }

    private static long ReadInteger(ArgumentResult result, long smallest, long largest)
    {
        var text = result.Tokens[0].Value;
        if (Settings.ParseInteger(text, smallest, largest) is { } value)
            return value;
        Refuse(result, text, $"must be an integer from {smallest} to {largest}");
        return 0;
    }

    /// <summary>Whether a text is a mistyped switch. A pool could have such a name, but hardly ever does.</summary>
    private static bool IsSwitch(string text) => text.StartsWith("--", StringComparison.Ordinal);

    private static void Refuse(ArgumentResult result, string text, string rule)
    {
        if (result.Parent is OptionResult option)
            result.AddError($"{option.Option.Name} {rule}; it is '{text}'.");
        else if (IsSwitch(text))
            result.AddError($"Unknown switch '{text}'; {Commands.CommandLine.AllowedIn((CommandResult)result.Parent!)}.");
        else
            result.AddError($"{result.Argument.Name} {rule}; it is '{text}'.");
    }
}
