using System.CommandLine;

namespace UniqueRandom.Server.Commands;

/// <summary>A command of the program beside the server.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>The exit code if the command line is not valid.</summary>
    public int MistakeExitCode { get; init; } = 1;

    /// <summary>What the help says after the switches.</summary>
    public string Notes { get; init; } = "";
}
