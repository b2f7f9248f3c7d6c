using System.Diagnostics;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The executables that are measured, beside this one as it was built, and tools that end by themselves.</summary>
internal static class Programs
{
    public static string Benchmarks { get; } = Path.Combine(AppContext.BaseDirectory, "UniqueRandom.Benchmarks");

    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "UniqueRandom.Server");

    /// <summary>The directory of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Runs a program to its end in the directory of the solution, and returns what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository,
        })!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} exited with {process.ExitCode}: {output}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static string FindRepository()
    {
        // The current directory is for a build that lies elsewhere.
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(Path.Combine(directory.FullName, "UniqueRandom.sln")))
                    return directory.FullName;
            }
        }

        throw new InvalidOperationException($"Neither '{AppContext.BaseDirectory}' nor the current directory is inside of the repository.");
    }
}
