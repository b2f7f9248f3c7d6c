using CliWrap;
using CliWrap.Buffered;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>The executables that are measured, and short commands.</summary>
internal static class Programs
{
    private static readonly string Benchmarks = Path.Combine(AppContext.BaseDirectory, "UniqueRandom.Benchmarks.dll");

    /// <summary>Gets the server of this build.</summary>
    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "UniqueRandom.Server");

    /// <summary>Gets the command line of a rival, which runs with the runtime settings of the server.</summary>
    public static string[] Rival(params string[] arguments) =>
        ["dotnet", "exec", "--runtimeconfig", Server + ".runtimeconfig.json", Benchmarks, .. arguments];

    /// <summary>Whether a program is in the search path.</summary>
    public static bool Exists(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Runs a command to its end and returns its output.</summary>
    /// <exception cref="CliWrap.Exceptions.CommandExecutionException">The command failed.</exception>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(cancellationToken)).StandardOutput.Trim();
}
