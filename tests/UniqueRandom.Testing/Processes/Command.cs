using CliWrap;
using CliWrap.Buffered;

namespace UniqueRandom.Testing.Processes;

/// <summary>
/// Runs a program to its end. Has its own timeout instead of the test's token, because it also cleans up after canceled tests.
/// </summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// English messages, and no inherited settings of PostgreSQL's programs.
    /// </summary>
    private static readonly Dictionary<string, string?> Settings = Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith("PG", StringComparison.Ordinal))
        .ToDictionary(name => name, _ => (string?)null)
        .Append(new("LC_ALL", "C"))
        .ToDictionary();

    /// <summary>Returns the standard output of the program. Throws when it fails, with its standard error.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments) =>
        (await RunBufferedAsync(program, arguments)).StandardOutput;

    /// <summary>Returns the standard error of the program. Throws when it fails.</summary>
    public static async Task<string> ReadErrorsAsync(string program, params IEnumerable<string> arguments) =>
        (await RunBufferedAsync(program, arguments)).StandardError;

    private static async Task<BufferedCommandResult> RunBufferedAsync(string program, IEnumerable<string> arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        // A working directory that every user may enter.
        return await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory("/").WithEnvironmentVariables(Settings)
            .ExecuteBufferedAsync(limit.Token);
    }
}
