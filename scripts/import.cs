#!/usr/bin/env dotnet
#:project ../src/UniqueRandom.Storage/UniqueRandom.Storage.csproj
#:package System.CommandLine
#:property PublishAot=false

// Takes over the numbers that another program has handed out, from a column of its SQLite database. They are not drawn again.
// Usage: dotnet run scripts/import.cs -- --from old.db --table numbers --column number
//        [--database numbers.db] [--mark numbers.db.mark] [--pool default] [--minimum 1] [--maximum 1000000]
// Stop the other program first, and start the server with the same range afterwards.
// Exit code: 0 imported, also by an earlier run, 1 refused, 2 the input can't be used.

using System.CommandLine;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

const int Refused = 1, InvalidInput = 2;

var from = new Option<string>("--from") { Description = "The database of the other program.", Required = true };
var table = new Option<string>("--table") { Description = "Its table, or view, with the numbers.", Required = true };
var column = new Option<string>("--column") { Description = "The column with the numbers.", Required = true };
var database = new Option<string>("--database")
{
    Description = "The database file of the server, created if missing.",
    DefaultValueFactory = _ => "numbers.db",
};
var mark = new Option<string?>("--mark")
{
    Description = "The mark of that database, as the server is told it. Default: beside the database.",
};
var name = new Option<string>("--pool")
{
    Description = "The name of the pool, which must be new, or have the same numbers imported.",
    DefaultValueFactory = _ => PoolName.Default,
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
var command = new RootCommand("Creates a pool of UniqueRandom with the numbers that another program has handed out.")
{
    from, table, column, database, mark, name, minimum, maximum,
};

var parsed = command.Parse(args);
if (parsed.Action is not null && parsed.Errors.Count == 0)
    return parsed.Invoke();
if (parsed.Errors is [var mistake, ..])
    return Refuse(InvalidInput, $"{mistake.Message} --help lists the switches.");
var (path, pool) = (parsed.GetValue(database)!, parsed.GetValue(name)!);
if (!PoolName.IsValid(pool))
{
    return Refuse(
        InvalidInput, $"--pool must have 1 to {PoolName.MaximumLength} characters of a-z, 0-9, - and _; it is '{pool}'.");
}

if (PoolDefinition.Validate(parsed.GetValue(minimum), parsed.GetValue(maximum), PoolOrder.Stored) is { } error)
    return Refuse(InvalidInput, $"--minimum and --maximum do not give a pool: {error}");
var definition = new PoolDefinition(pool, new PoolRange(parsed.GetValue(minimum), parsed.GetValue(maximum)));

// Ctrl+C leaves nothing, or all imported numbers, and then the server's start shuffles the others behind them.
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interruption.Cancel();
};

var isRead = false;
try
{
    var source = new SqliteColumn(parsed.GetValue(from)!, parsed.GetValue(table)!, parsed.GetValue(column)!);
    using var numbers = source.Read(definition.Range, interruption.Token);
    isRead = true;
    var import = new PoolImport(numbers, ImportedList.Of(definition.Range, numbers), Caller: null);
    await using var store = new SqlitePoolStore(path, TimeProvider.System, new MarkOptions { Path = parsed.GetValue(mark) });
    await store.OpenAsync(expected: null, interruption.Token);
    var (recorded, _) = await store.ImportAsync(definition, import, Seed.Generate(), interruption.Token);
    if (recorded.Created != definition || recorded.Imported != import.List)
    {
        return Refuse(
            Refused,
            $"The database '{path}' holds the pool '{pool}' already, with another range or other numbers; nothing was changed.");
    }

    // Also the pool of a run that was interrupted after the import.
    if (await store.SeedAsync(pool, progress: null, interruption.Token) is not { } seeded)
    {
        Console.WriteLine($"The pool '{pool}' of '{path}' has these numbers already; start the server.");
        return 0;
    }

    var list = import.List;
    Console.WriteLine($"Imported {list.Count} of {definition.Range.Size} numbers {definition.Range} into {path}, pool {pool}.");
    Console.WriteLine($"SHA-256 of the sorted numbers: {list.Sha256}");
    Console.WriteLine($"Commitment: {seeded.Commitment}");
    return 0;
}
catch (OperationCanceledException)
{
    return Refuse(Refused, $"Interrupted; run it again to import into the pool '{pool}' of '{path}'.");
}
catch (Exception refusal) when (refusal
    is StoreRefusedException or StoreException or InsufficientMemoryException or InsufficientDiskException)
{
    return Refuse(isRead ? Refused : InvalidInput, refusal.Message);
}

static int Refuse(int exitCode, string message)
{
    Console.Error.WriteLine(message);
    return exitCode;
}
