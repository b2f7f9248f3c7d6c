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
using UniqueRandom.Stores;

const string pool = "default";

var database = new Option<string>("--database")
{
    Description = "The database file, created if missing.",
    DefaultValueFactory = _ => "numbers.db",
};
var minimum = new Option<long>("--minimum")
{
    Description = "The smallest number of the pool.",
    DefaultValueFactory = _ => 1,
};
var maximum = new Option<long>("--maximum")
{
    Description = "The largest number of the pool.",
    DefaultValueFactory = _ => 1_000_000,
};
var command = new RootCommand("Seeds a database for UniqueRandom ahead of time.") { database, minimum, maximum };

var parsed = command.Parse(args);
if (parsed.Errors is [var mistake, ..])
    return Refuse(mistake.Message);
if (parsed.Action is not null)
    return parsed.Invoke();

var path = parsed.GetValue(database)!;
if (PoolDefinition.Validate(parsed.GetValue(minimum), parsed.GetValue(maximum), PoolOrder.Stored) is { } error)
    return Refuse($"--minimum and --maximum do not give a pool: {error}");
var range = new PoolRange(parsed.GetValue(minimum), parsed.GetValue(maximum));

// Ctrl+C leaves the pool unfinished; the next run, or the server's start, continues it.
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interruption.Cancel();
};

try
{
    await using var store = new SqlitePoolStore(path, TimeProvider.System);
    await store.OpenAsync(new PoolDefinition(pool, range), interruption.Token);
    var started = Stopwatch.GetTimestamp();
    var (recorded, _) = await store.CreateAsync(new PoolDefinition(pool, range), Seed.Generate(), interruption.Token);
    if (await ShowProgressAsync(progress => store.SeedAsync(pool, progress, interruption.Token).AsTask()) is null)
        return Refuse($"The database '{path}' holds the pool '{pool}' with the numbers {range} already; nothing was changed.");

    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    Console.WriteLine($"Seeded {path}: {range.Size} numbers {range} in {seconds:F2} s, commitment {recorded.Commitment}");
    return 0;
}
catch (OperationCanceledException)
{
    return Refuse($"Interrupted; run it again to finish the pool '{pool}' of '{path}'.");
}
catch (Exception refusal) when (refusal
    is StoreRefusedException or StoreException or InsufficientMemoryException or InsufficientDiskException)
{
    return Refuse(refusal.Message);
}

async Task<Pool?> ShowProgressAsync(Func<IProgress<long>, Task<Pool?>> seedAsync)
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

internal sealed class Progress(Action<long> report) : IProgress<long>
{
    public void Report(long value) => report(value);
}
