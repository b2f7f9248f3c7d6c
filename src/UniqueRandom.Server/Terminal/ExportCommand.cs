using System.IO.Pipelines;
using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Audit;
using UniqueRandom.Server.Commands;
using UniqueRandom.Storage;
using ClientDraw = UniqueRandom.Client.Models.LoggedDraw;

namespace UniqueRandom.Server.Terminal;

/// <summary>Exports the draw log of a pool.</summary>
internal static class ExportCommand
{
    private const string JsonLines = "jsonl";
    private const string Csv = "csv";
    private const int FlushSize = 64 * 1024;

    public static Verb Create()
    {
        var pool = Inputs.Pool(PoolName.Default);
        var format = Inputs.Choice("--format", "A draw on each line, or a number on each line.", JsonLines, Csv);
        var file = Inputs.File("--output", "A new file for the log. Default: standard output.");
        var after = Inputs.Integer(
            "--after", "The last position that you have: the log continues behind it.", "POSITION", smallest: 0);
        return ServerVerb.Create(
            "export",
            "Exports the draw log of a pool.",
            """
            UniqueRandom.Server export raffle --format csv --output raffle.csv
            UniqueRandom.Server export raffle | jq .numbers[]
            """,
            [pool, format, file, after],
            async session =>
            {
                long? start = session.Has(after) ? session.Get(after) : null;
                var isCsv = session.Get(format) == Csv;
                if (session.Get(file) is { } path)
                    await WriteFileAsync(session, session.Get(pool), start, isCsv, path);
                else
                    await WriteAsync(session, session.Get(pool), start, isCsv, Console.OpenStandardOutput());
                return ExitCodes.Done;
            });
    }

    /// <summary>Writes a file that has its name only when it is complete.</summary>
    private static async Task WriteFileAsync(Session session, string pool, long? after, bool isCsv, string path)
    {
        var partial = $"{path}.partial";
        var isCreated = false;
        try
        {
            if (Path.Exists(path))
                throw new IOException($"The file '{path}' exists. Name a new file.");
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                isCreated = true;
                await WriteAsync(session, pool, after, isCsv, file);
                FileSync.Sync(file);
            }

            File.Move(partial, path);
            isCreated = false;
            FileSync.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TerminalException(ExitCodes.BadInput, $"Can't write the log: {error.Message}", error);
        }
        finally
        {
            if (isCreated)
                File.Delete(partial);
        }
    }

    private static async Task WriteAsync(Session session, string pool, long? after, bool isCsv, Stream output)
    {
        var status = await session.GetPoolAsync(pool);
        var code = status.Code?.ToCore();
        using LogFormat format = isCsv ? new CsvLog(code) : new JsonLinesLog(code);
        await session.Output.TrackAsync("Exporting", status.Drawn, async reached =>
        {
            var writer = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
            format.Begin(writer);
            await foreach (var draw in session.ReadDrawLogAsync(pool, after, reached))
            {
                format.Write(writer, ToLogged(draw));
                if (writer.UnflushedBytes >= FlushSize)
                    await writer.FlushAsync(session.CancellationToken);
            }

            await writer.CompleteAsync();
            return true;
        });
    }

    private static LoggedDraw ToLogged(ClientDraw draw)
    {
        // An export says whether there was a key, and not which.
        var key = draw.IsKeyed ? "" : null;
        var row = new DrawLogRow(draw.First, draw.Numbers.Count, draw.DrawnAt, draw.Reference, key, draw.Caller);
        return new LoggedDraw(row, draw.Numbers.ToArray());
    }
}
