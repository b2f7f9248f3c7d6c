using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace UniqueRandom.Server.Terminal;

/// <summary>Writes results to stdout, for people or as JSON, and progress to stderr if it is a terminal.</summary>
internal sealed class Output(bool isJson)
{
    public static readonly Option<bool> Json = Inputs.Flag("--json", "Writes JSON.");

    /// <summary>More columns than any view has, so that nothing wraps.</summary>
    private const int Unlimited = 1000;

    private readonly IAnsiConsole errors =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Writes a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="type">Its JSON.</param>
    /// <param name="view">Its view for people.</param>
    public void Write<T>(T result, JsonTypeInfo<T> type, Func<T, IRenderable> view)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, type));
            return;
        }

        if (Console.IsOutputRedirected)
            WritePlain(view(result));
        else
            WriteColored(view(result));
    }

    /// <summary>Writes to a terminal, which wraps lines that are too long. A view that wraps would break names.</summary>
    private static void WriteColored(IRenderable view)
    {
        AnsiConsole.Profile.Width = Unlimited;
        AnsiConsole.Write(view);
    }

    /// <summary>Writes a row on each line, without spaces at its end, for a program that reads the output.</summary>
    private static void WritePlain(IRenderable view)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Unlimited;
        console.Write(view);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
            Console.WriteLine(line.TrimEnd());
    }

    /// <summary>Shows a bar while something runs.</summary>
    /// <param name="what">What runs.</param>
    /// <param name="total">The value at its end.</param>
    /// <param name="work">Runs it, and reports the value that is reached.</param>
    public async Task<T> TrackAsync<T>(string what, long total, Func<Action<long>, Task<T>> work)
    {
        if (Console.IsErrorRedirected || !errors.Profile.Capabilities.Interactive)
            return await work(_ => { });
        return await errors.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(what, maxValue: total);
                return await work(reached => bar.Value = reached);
            });
    }
}
