using System.Diagnostics;
using System.Globalization;
using CsCheck;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Search;

/// <summary>
/// Searches for input that a reader does not expect: 10,000 inputs, and 1,000,000 with <c>UNIQUERANDOM_ROUNDS=all</c>. A failure
/// shows the smallest input that was found, and its seed. Set the environment variable <c>CsCheck_Seed</c> to the seed to read it
/// again, first.
/// </summary>
internal static class InputSearch
{
    private const int Few = 10_000;
    private const int All = 1_000_000;

    /// <summary>An input takes microseconds. This is a hang, also on a busy machine.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Reads inputs.</summary>
    /// <param name="inputs">Valid inputs and damaged ones.</param>
    /// <param name="accepts">
    /// Reads one, and returns whether it was accepted. Throws if the reader throws something that it does not document, or
    /// accepts what it must not.
    /// </param>
    /// <param name="output">Receives how many were read and accepted.</param>
    public static async Task RunAsync(Gen<string> inputs, Func<string, bool> accepts, ITestOutputHelper output) =>
        await RunAsync(inputs, accepts, Escape, output);

    /// <inheritdoc cref="RunAsync(Gen{string}, Func{string, bool}, ITestOutputHelper)"/>
    public static async Task RunAsync(Gen<byte[]> inputs, Func<byte[], bool> accepts, ITestOutputHelper output) =>
        await RunAsync(inputs, accepts, bytes => Escape(string.Concat(bytes.Select(value => (char)value))), output);

    private static async Task RunAsync<T>(Gen<T> inputs, Func<T, bool> accepts, Func<T, string> print, ITestOutputHelper output)
        where T : class
    {
        var (read, accepted) = (0, 0);
        T? current = null;
        var started = 0L;
        var start = Stopwatch.GetTimestamp();
        var search = Task.Factory.StartNew(
            () => inputs.Sample(
                input =>
                {
                    Volatile.Write(ref started, Stopwatch.GetTimestamp());
                    Volatile.Write(ref current, input);
                    accepted += accepts(input) ? 1 : 0;
                    read++;
                },
                iter: TestRounds.Count(Few, All), threads: 1, print: print),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(search, Task.Delay(TimeSpan.FromSeconds(1))) != search)
        {
            if (Volatile.Read(ref current) is { } input && Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > Hang)
                Assert.Fail($"Reading takes more than {Hang}: {print(input)}");
        }

        await search;
        output.WriteLine($"{read:N0} inputs, {accepted:N0} accepted, {Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s");
        // Otherwise only one of the two ways of the reader was searched.
        Assert.InRange(accepted, read / 100, read - read / 100);
    }

    /// <summary>Writes a text as in a string literal.</summary>
    private static string Escape(string text) => string.Concat(text.Select(character => character switch
    {
        '"' or '\\' => $"\\{character}",
        >= ' ' and <= '~' => $"{character}",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    }));
}
