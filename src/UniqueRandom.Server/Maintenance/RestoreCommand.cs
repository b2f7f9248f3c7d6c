using System.CommandLine;
using System.Globalization;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Terminal;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Puts a backup in the place of the database, after a question.</summary>
internal static class RestoreCommand
{
    public static Verb Create()
    {
        var from = new Option<string>("--from") { Description = "The backup.", HelpName = "FILE", Required = true };
        var database = Inputs.File(
            "--database", "The SQLite database to replace, which no server may use. Default: as configured, or numbers.db.");
        var mark = Inputs.File("--mark", "Its high-water mark. Default: as configured, or the database with .mark appended.");
        var resume = new Option<string?>("--resume-after-restore")
        {
            Description = "How many numbers were drawn at most, if there is no mark: POOL=COUNT or POOL=number:NUMBER,...",
            HelpName = "POOL=COUNT",
        };
        var yes = Inputs.Flag("--yes", "Restores without asking.");
        return StoreVerb.Create(
            "restore",
            "Replaces a SQLite database by a backup, so that no number is handed out again.",
            "UniqueRandom.Server restore --from backups/numbers-20261130T081500.000Z-drawn-523000.db",
            [from, database, mark, resume, yes],
            (arguments, cancellationToken) =>
            {
                var named = arguments.GetValue(database);
                var options = new MarkOptions
                {
                    // The configured mark is that of the configured database.
                    Path = arguments.GetValue(mark)
                        ?? (named is null ? Configured.Read(settings => settings.OptionalText("Mark")) : null),
                    Resume = arguments.GetValue(resume) is { } text ? Parse(text, resume.Name) : null,
                };
                var path = Configured.Database(named);
                var restore = new SqliteRestore(arguments.GetRequiredValue(from), path, options, TimeProvider.System);
                return RunAsync(restore, path, arguments.GetValue(yes), cancellationToken);
            },
            asks: true);
    }

    private static ResumeAfterRestore Parse(string text, string name) => ResumeAfterRestore.Parse(text)
        ?? throw new StoreRefusedException(
            $"{name} must be POOL=COUNT or POOL=number:NUMBER, separated by commas; it is '{text}'.");

    private static async Task<int> RunAsync(
        SqliteRestore restore, string database, bool isConfirmed, CancellationToken cancellationToken)
    {
        var pools = await Parts.TrackAsync(
            "Checking the backup",
            progress => Task.Run(() => restore.Plan(progress, cancellationToken), cancellationToken));
        foreach (var pool in pools)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{pool.Definition.Name}: {pool.Drawn:N0} drawn in the backup, {pool.GivenUp:N0} given up")
                + (pool.LacksExtension ? ", and closed, because it may have been drawn from beyond this range" : ""));
        }

        foreach (var pool in restore.Missing)
            Console.WriteLine($"{pool}: not in the backup; if you create it again, its numbers are handed out again");

        if (!isConfirmed && !await ConfirmAsync(restore, database, cancellationToken))
        {
            await Console.Error.WriteLineAsync("Nothing was changed.");
            return StoreVerb.Declined;
        }

        await restore.RunAsync(cancellationToken);
        Console.WriteLine(restore.Replaced is null
            ? $"Restored to '{database}'."
            : $"Restored to '{database}'. What it replaces is '{restore.Replaced}'.");
        return StoreVerb.Done;
    }

    private static async Task<bool> ConfirmAsync(
        SqliteRestore restore, string database, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
            throw new StoreRefusedException($"Use --yes to restore to '{database}' without a question. Nothing was changed.");
        var question = restore.Replaced is null
            ? $"Restore to '{database}'?"
            : $"Replace '{database}', which is kept as '{Path.GetFileName(restore.Replaced)}'?";
        return await Question.AskAsync(question, cancellationToken);
    }
}
