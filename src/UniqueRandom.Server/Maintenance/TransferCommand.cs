using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Terminal;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Transfers;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Moves the pools of a SQLite file into a PostgreSQL database, or back.</summary>
internal static class TransferCommand
{
    /// <summary>The end that is the configured connection string, which need not be on the command line.</summary>
    private const string ConfiguredEnd = "postgres";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const string Examples = """
        UniqueRandom.Server transfer --from numbers.db --to 'Host=db1,db2;Database=numbers;Username=unique'
        UniqueRandom.Server transfer --from numbers.db --to postgres
        UniqueRandom.Server transfer --from postgres --to numbers.db --from-mark node1.mark --from-mark node2.mark

        An END with a = is a connection string, postgres is the one in UniqueRandom__ConnectionString, and all else is a
        file. Stop the servers first. Nothing is overwritten. If it is interrupted, run the same command again: at no time
        can both ends be drawn from.
        """;

    private static readonly Option<string> From = EndOption("--from", "The source: the file or database that has the pools.");

    private static readonly Option<string> To = EndOption("--to", "The target: a new file, or an empty database.");

    private static readonly Option<string[]> FromMark = new("--from-mark")
    {
        Description = "The high-water mark of the source, or each mark of its nodes. Default: FILE.mark; with PostgreSQL "
            + "numbers.mark, if it exists.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> ToMark = Inputs.File(
        "--to-mark", "The new high-water mark of a SQLite target, better on another disk. Default: FILE.mark.");

    private static readonly Option<bool> RequireSyncStandby = Inputs.Flag(
        "--require-sync-standby", "Require that a synchronous standby has what is written to PostgreSQL.");

    public static Verb Create() => StoreVerb.Create(
        "transfer",
        "Moves all pools from SQLite to PostgreSQL, or back, with everything that was drawn.",
        Examples,
        [From, To, FromMark, ToMark, RequireSyncStandby, Connection.Timeout],
        RunAsync);

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (from, to) = ReadEnds(arguments);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var moved = await Parts.TrackAsync("Copying and verifying", progress => RetryAsync(
                () => Transfer.RunAsync(from, to, TimeProvider.System, progress, cancellationToken),
                TimeSpan.FromSeconds(arguments.GetValue(Connection.Timeout)),
                cancellationToken));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Moved to {moved.To}. Pools: {moved.Pools:N0}; drawn numbers: {moved.Numbers:N0}; keys: {moved.Keys:N0}; "
                + $"seconds: {seconds:N1}."));
            return StoreVerb.Done;
        }
        catch (StoreException error) when (error.IsTransient || error.Fault == StoreFault.InDoubt)
        {
            throw new StoreException(error.Fault, $"{error.Message} Run the transfer again.", error);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                "Run the same command again, or start the server with the source: it says so if its pools have moved.");
            throw;
        }
    }

    /// <summary>Runs the transfer again while a server may recover by itself, until a time has passed.</summary>
    private static async Task<TransferSummary> RetryAsync(
        Func<Task<TransferSummary>> runAsync, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await runAsync();
            }
            catch (StoreException error) when (error.IsTransient && Stopwatch.GetElapsedTime(started) < timeout)
            {
                await Task.Delay(Interval, cancellationToken);
            }
        }
    }

    private static (TransferEnd From, TransferEnd To) ReadEnds(ParseResult arguments)
    {
        var (from, to) = (arguments.GetRequiredValue(From), arguments.GetRequiredValue(To));
        var marks = arguments.GetValue(FromMark) ?? [];
        var isFromPostgres = IsPostgres(from);
        if (isFromPostgres == IsPostgres(to))
            throw Mistake($"{From.Name} and {To.Name} are of the same kind; pools move from SQLite to PostgreSQL, or back.");
        if (!isFromPostgres && marks.Length > 1)
            throw Mistake($"A SQLite file has one mark; use {FromMark.Name} once.");
        var newMark = arguments.GetValue(ToMark);
        if (!isFromPostgres && newMark is not null)
            throw Mistake($"{ToMark.Name} is for a SQLite target; each PostgreSQL node creates its own mark.");

        var isStandbyRequired = arguments.GetValue(RequireSyncStandby);
        return isFromPostgres
            ? (TransferEnd.Postgres(ReadOptions(from, isStandbyRequired), marks), TransferEnd.Sqlite(to, newMark))
            : (TransferEnd.Sqlite(from, marks.FirstOrDefault()), TransferEnd.Postgres(ReadOptions(to, isStandbyRequired), []));
    }

    private static bool IsPostgres(string end) => end == ConfiguredEnd || end.Contains('=', StringComparison.Ordinal);

    /// <summary>Reads a connection string, and what the nodes that draw from it have configured.</summary>
    private static PostgresOptions ReadOptions(string end, bool isStandbyRequired)
    {
        var options = new PostgresOptions
        {
            ConnectionString = end != ConfiguredEnd
                ? end
                : Configured.Read(settings => settings.OptionalText("ConnectionString"))
                    ?? throw Mistake($"'{end}' is the database in UniqueRandom__ConnectionString, which is not set."),
            RequireSyncStandby = isStandbyRequired || Configured.Read(settings => settings.Flag("RequireSyncStandby")),
        };
        _ = PostgresPoolStore.Describe(options);
        return options;
    }

    private static StoreRefusedException Mistake(string message) => new(message);

    private static Option<string> EndOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "END",
        Required = true,
    };
}
