using System.CommandLine;
using System.Globalization;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Terminal;
using UniqueRandom.Storage;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Checks a SQLite file that no server uses, or a PostgreSQL database.</summary>
internal static class CheckFileCommand
{
    public static Verb Create()
    {
        var database = Inputs.File("--database", "The SQLite file, which no server uses. Default: as configured, or numbers.db.");
        var connection = new Option<string?>("--connection-string")
        {
            Description = "A PostgreSQL database instead. Default: as configured, or none.",
            HelpName = "TEXT",
        };
        return StoreVerb.Create(
            "check-file",
            "Checks a database: every checksum, each permutation against its seed and commitment, each log against its cursor.",
            "UniqueRandom.Server check-file --database numbers.db",
            [database, connection],
            (arguments, cancellationToken) => RunAsync(
                arguments.GetValue(database), arguments.GetValue(connection), cancellationToken));
    }

    private static async Task<int> RunAsync(string? database, string? connection, CancellationToken cancellationToken)
    {
        if (database is not null && connection is not null)
            throw new StoreRefusedException("--database and --connection-string name two databases; use one of them.");
        connection ??= database is null ? Configured.Read(settings => settings.OptionalText("ConnectionString")) : null;
        var pools = await Parts.TrackAsync("Checking", progress => connection is null
            ? Task.Run(() => SqliteCheck.Run(Configured.Database(database), progress, cancellationToken), cancellationToken)
            : PostgresCheck.RunAsync(
                new PostgresOptions { ConnectionString = connection }, progress, cancellationToken));
        foreach (var pool in pools)
            Write(pool);
        Console.WriteLine($"Everything is whole: {pools.Count} {(pools.Count == 1 ? "pool" : "pools")}.");
        return StoreVerb.Done;
    }

    private static void Write(CheckedPool pool) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{pool.Definition.Name}: {pool.Definition.Range}, {pool.Drawn:N0} drawn, "
        + $"{(pool.State == UniqueRandom.Pools.PoolState.Seeding ? "still seeding: not checked" : "whole")}"));
}
