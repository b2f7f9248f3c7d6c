#!/usr/bin/env dotnet
#:project ../src/UniqueRandom.Storage/UniqueRandom.Storage.csproj
#:package System.CommandLine
#:package Spectre.Console
#:property PublishAot=false

// Seeds a database ahead of time: writes the permutation that the server would write on its first start.
// Usage: dotnet run scripts/seed.cs -- [--database numbers.db] [--minimum 1] [--maximum 1000000]

using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;

const string pool = "default";

var database = new Option<string>("--database") { Description = "The database file, created if missing.", DefaultValueFactory = _ => "numbers.db" };
var minimum = new Option<long>("--minimum") { Description = "The smallest number of the pool.", DefaultValueFactory = _ => 1 };
var maximum = new Option<long>("--maximum") { Description = "The largest number of the pool.", DefaultValueFactory = _ => 1_000_000 };
var command = new RootCommand("Seeds a database for UniqueRandom ahead of time.") { database, minimum, maximum };

var parsed = command.Parse(args);
if (parsed.Errors is [var mistake, ..])
    return Refuse(mistake.Message);
if (parsed.Action is not null)
    return parsed.Invoke();

var path = parsed.GetValue(database)!;
if (PoolRange.Explain(parsed.GetValue(minimum), parsed.GetValue(maximum)) is { } error)
    return Refuse($"--minimum and --maximum do not give a pool: {error}");
var range = new PoolRange(parsed.GetValue(minimum), parsed.GetValue(maximum));

// Ctrl+C leaves no half-written pool behind.
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interruption.Cancel();
};

try
{
    await using var store = new SqlitePoolStore(path, TimeProvider.System);
    await store.OpenAsync(expected: null, interruption.Token);
    var started = Stopwatch.GetTimestamp();
    var seeded = await ShowProgressAsync(progress =>
        store.CreateAsync(new PoolDefinition(pool, range), Seed.Generate(), progress, interruption.Token).AsTask());
    if (seeded is null)
    {
        var existing = (await store.FindAsync(pool, default))!;
        return Refuse($"The database '{path}' holds the pool '{pool}' already, with the range {existing.Definition.Range}; nothing was changed. Name another database.");
    }

    Console.WriteLine($"Seeded {path}: {range.Size} numbers {range} in {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s, commitment {seeded.Commitment}");
    return 0;
}
catch (OperationCanceledException)
{
    return Refuse($"Interrupted; '{path}' holds no pool '{pool}' to draw from.");
}
catch (Exception refusal) when (refusal is StoreRefusedException or StoreException or InsufficientMemoryException)
{
    return Refuse(refusal.Message);
}

async Task<Pool?> ShowProgressAsync(Func<IProgress<int>, Task<Pool?>> seedAsync)
{
    if (Console.IsOutputRedirected)
        return await seedAsync(new Progress(_ => { }));

    return await AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async bars =>
        {
            var bar = bars.AddTask($"Seeding {Markup.Escape(range.ToString())}", maxValue: range.Size);
            return await seedAsync(new Progress(stored => bar.Value = stored));
        });
}

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}

internal sealed class Progress(Action<int> hear) : IProgress<int>
{
    public void Report(int value) => hear(value);
}
