using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>
/// Damages the files between a kill and the next start. Each damage is refused with one line, and each way out repeats nothing.
/// </summary>
public sealed class DamageSeries(FaultTable table, ITestOutputHelper output)
{
    private const string Resume = "--resume-after-restore";
    private const string OldCopy = "is an old copy";
    private const string AnothersMark = "mark of another database";

    /// <summary>
    /// What is done to the files, and what the refusal must say. The directory has older copies: in "open", of a server that ran,
    /// and in "closed".
    /// </summary>
    private static readonly Dictionary<string, (Action<TemporaryDirectory> Damage, string Expected)> Damages = new()
    {
        ["old copy"] = (
            directory =>
            {
                RemoveLog(directory);
                Restore(directory, "closed", "numbers.db");
            },
            OldCopy + ", and would hand out numbers again"),
        // It was copied while its server ran, and without its log.
        ["old copy with its mark"] = (
            directory =>
            {
                RemoveLog(directory);
                Restore(directory, "open", "numbers.db");
                Restore(directory, "open", "numbers.db.mark");
            },
            "-wal' is missing; put the log back beside it"),
        ["-wal deleted"] = (RemoveLog, "-wal' is missing; put the log back beside it"),
        ["-wal truncated"] = (
            directory => Change(directory.Database + "-wal", log => log[..(log.Length / 2)]), OldCopy),
        ["one byte of -wal flipped"] = (
            directory => Change(directory.Database + "-wal", log => Flip(log, log.Length / 2)), OldCopy),
        ["mark deleted"] = (directory => File.Delete(directory.Mark), "is missing. Nobody knows"),
        ["old mark"] = (directory => Restore(directory, "closed", "numbers.db.mark"), "is older than the database"),
        [AnothersMark] = (
            directory => File.Copy(directory.File("other.db.mark"), directory.Mark, overwrite: true),
            "belongs to another database"),
        ["chunk with a flipped bit"] = (
            directory => Change(directory.Database, data => Flip(data, data.Length / 2 / 4096 * 4096 + 1000)), "Chunk "),
    };

    public static TheoryData<string> Names => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_damage_is_refused_and_its_way_out_repeats_nothing(string name)
    {
        var (damage, expected) = Damages[name];
        using var run = new FaultRun(name, table, output);
        if (name == AnothersMark)
            await CreateOtherAsync(run);
        var server = await run.StartAsync();
        try
        {
            for (var round = 0; round < TestRounds.Count(few: 1, all: 10); round++)
            {
                await DrawAsync(run, 100);
                Copy(run.Directory, "open");
                Assert.Equal(0, await server.StopAsync());
                await server.DisposeAsync();
                Copy(run.Directory, "closed");
                server = await ServerProcess.ServeAsync(run.Launch());
                await DrawAsync(run, 500);
                await server.KillAsync();
                await server.DisposeAsync();
                File.Delete(run.Directory.Database + ".lock");
                Copy(run.Directory, "whole");

                damage(run.Directory);
                server = await RecoverAsync(run, expected);
            }

            await run.EndAsync(server);
        }
        finally
        {
            await server.DisposeAsync();
        }

        Assert.Equal(0, run.Ledger.Repeated);
        // Only an old copy lacks what was drawn.
        if (!expected.StartsWith(OldCopy, StringComparison.Ordinal))
            Assert.Equal(0, run.Ledger.Lost);
    }

    /// <summary>The file is moved, or replaced by a copy, while the server draws from it.</summary>
    [Theory]
    [InlineData("numbers.db", false)]
    [InlineData("numbers.db", true)]
    [InlineData("numbers.db.mark", false)]
    [InlineData("numbers.db.mark", true)]
    public async Task A_file_that_leaves_its_place_ends_the_server_and_nothing_is_repeated(string name, bool isReplaced)
    {
        using var run = new FaultRun($"{name} {(isReplaced ? "replaced" : "moved")} while open", table, output);
        var (path, moved) = (run.Directory.File(name), run.Directory.File("moved"));
        await run.RepeatAsync(TestRounds.Count(few: 1, all: 10), async (server, _) =>
        {
            var load = await run.LoadAsync();
            await load.ReceiveAsync(100);
            File.Move(path, moved);
            if (isReplaced)
                File.Copy(moved, path);

            Assert.Equal(1, await server.ExitAsync());
            await load.EndAsync();
            Assert.Contains(" FTL ", Assert.Single(server.Output, line => line.Contains("moved", StringComparison.Ordinal)));
            File.Move(moved, path, overwrite: true);
        });
    }

    /// <summary>Verifies that the server refuses, and goes on by each way out.</summary>
    private static async Task<ServerProcess> RecoverAsync(FaultRun run, string expected)
    {
        await RefuseAsync(run, expected);
        if (expected.StartsWith(OldCopy, StringComparison.Ordinal))
            return await run.RecoverAsync(Resume);
        if (expected.StartsWith("is older", StringComparison.Ordinal)
            || expected.StartsWith("is missing. Nobody", StringComparison.Ordinal))
        {
            await RefuseAsync(run, "default=", Resume);
            return await run.RecoverAsync(Resume, $"default={run.Ledger.Drawn}");
        }

        // The other way out is to put the right files back.
        RemoveLog(run.Directory);
        foreach (var file in Directory.GetFiles(run.Directory.File("whole")))
            File.Copy(file, run.Directory.File(Path.GetFileName(file)), overwrite: true);
        return await run.RecoverAsync();
    }

    private static async Task RefuseAsync(FaultRun run, string expected, params string[] switches)
    {
        await using var refused = run.Launch(null, null, switches);
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains(expected, Assert.Single(refused.Errors));
    }

    private static async Task CreateOtherAsync(FaultRun run)
    {
        await using var other = await ServerProcess.StartAsync(run.Directory, "--database", "other.db", "--maximum", "1000");
        Assert.Equal(0, await other.StopAsync());
    }

    private static async Task DrawAsync(FaultRun run, int more)
    {
        var load = await run.LoadAsync(LoadShape.WithoutKeys);
        await load.ReceiveAsync(more);
        await load.EndAsync();
    }

    /// <summary>Copies the database, its log and its mark.</summary>
    private static void Copy(TemporaryDirectory directory, string to)
    {
        Directory.CreateDirectory(directory.File(to));
        foreach (var file in (string[])[directory.Database, directory.Database + "-wal", directory.Mark])
        {
            if (!File.Exists(file))
                continue;
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(Path.Combine(directory.File(to), Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }

    private static void Restore(TemporaryDirectory directory, string copy, string name) =>
        File.Copy(Path.Combine(directory.File(copy), name), directory.File(name), overwrite: true);

    private static void RemoveLog(TemporaryDirectory directory) => File.Delete(directory.Database + "-wal");

    private static void Change(string path, Func<byte[], byte[]> change) =>
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    private static byte[] Flip(byte[] content, int place)
    {
        content[place] ^= 1;
        return content;
    }
}
