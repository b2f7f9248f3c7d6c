using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace UniqueRandom.Server.Commands;

/// <summary>Writes examples below the help of the server, and the notes of a verb below its help.</summary>
internal sealed class HelpExamples(SynchronousCommandLineAction help, Command root) : SynchronousCommandLineAction
{
    private const string Text = """
        Examples:
          UniqueRandom.Server                                      serves 1..1000000 from numbers.db at http://127.0.0.1:8000
          UniqueRandom.Server --minimum 100000 --maximum 999999    serves another range
          UniqueRandom.Server --store postgres --connection-string 'Host=db1,db2;Database=numbers;Username=unique'
          UniqueRandom.Server health                               asks the server with the same settings whether it is ready
          UniqueRandom.Server draw --count 3                       draws three numbers from a running server

        Each switch of the server is also an environment variable, such as UniqueRandom__Maximum, and a member of
        appsettings.json.
        """;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    public static void Add(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpExamples((SynchronousCommandLineAction)option.Action!, root);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        if (command == root)
            parseResult.InvocationConfiguration.Output.WriteLine(Text);
        else if (command is Verb { Notes.Length: > 0 } verb)
            parseResult.InvocationConfiguration.Output.WriteLine(verb.Notes);
        return exitCode;
    }
}
