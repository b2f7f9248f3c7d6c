using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Server.Tests.Marks;

/// <summary>A database that is put back to an old copy, and its mark, with real processes.</summary>
public sealed class RestoreTests : IDisposable
{
    private const string Resume = "--resume-after-restore";

    private readonly TemporaryDirectory directory = new();
    private readonly HashSet<long> received = [];

    private string Copy => directory.File("copy.db");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(64)]
    public async Task After_a_kill_an_old_copy_is_refused_and_resumes_without_a_repetition(int clients)
    {
        await DrawAsync(clients);
        for (var round = 0; round < 3; round++)
        {
            File.Copy(directory.Database, Copy, overwrite: true);
            var copied = StoredDraws.Read(Copy).Cursor;
            var acknowledged = received.Count;
            await DrawAsync(clients, isKilled: true);
            PutBack();

            await BadStart.RefusedAsync(directory, "is an old copy, and would hand out numbers again: the pool 'default' is ");
            await DrawAsync(clients, switches: Resume);

            // Each round has drawn twice, and has not given up what the copy has.
            var stored = StoredDraws.Read(directory.Database);
            Assert.InRange(stored.Cursor, copied + received.Count - acknowledged, int.MaxValue);
            Assert.Equal(
                1, StoredDraws.Integer(directory.Database, $"SELECT COUNT(*) FROM draw WHERE first = {copied} AND key IS NULL"));
        }

        StoredDraws.Read(directory.Database).VerifyReceived(received);
    }

    [Fact]
    public async Task An_upgraded_database_that_is_killed_before_its_first_draw_starts_again()
    {
        await DrawAsync(1);
        StoredDraws.Execute(directory.Database, OlderSchema.SqliteThree);
        File.Delete(directory.Mark);

        await using (var upgraded = await ServerProcess.StartAsync(directory))
            await upgraded.KillAsync();

        await DrawAsync(1);
        StoredDraws.Read(directory.Database).VerifyReceived(received);
    }

    [Fact]
    public async Task Each_damage_of_a_mark_is_refused()
    {
        var elsewhere = Directory.CreateDirectory(directory.File("other-disk"));
        var mark = Path.Combine(elsewhere.FullName, "mark");
        string[] switches = ["--maximum", "1000000", "--mark", mark];
        await DrawAsync(1, switches: switches);
        Assert.False(File.Exists(directory.Mark));
        var whole = await File.ReadAllBytesAsync(mark, TestContext.Current.CancellationToken);

        File.Delete(mark);
        await BadStart.RefusedAsync(directory, $"The mark '{mark}'", switches);
        await BadStart.RefusedAsync(directory, "default=COUNT", [.. switches, Resume]);
        await File.WriteAllBytesAsync(mark, whole[..^1], TestContext.Current.CancellationToken);
        await BadStart.RefusedAsync(directory, $"'{mark}' is not a whole mark", switches);
        // In the commitment of the pool, and in its identity.
        foreach (var place in new[] { 256, 8 })
        {
            await File.WriteAllBytesAsync(mark, [.. whole[..place], (byte)~whole[place], .. whole[(place + 1)..]]);
            await BadStart.RefusedAsync(directory, $"The mark '{mark}' is damaged", switches);
        }

        await File.WriteAllBytesAsync(mark, whole, TestContext.Current.CancellationToken);
        await BadStart.RefusedAsync(
            directory, "is missing, and its mark", "--maximum", "7", "--mark", mark, "--database", "other.db");
        await DrawAsync(1, switches: switches);
        StoredDraws.Read(directory.Database).VerifyReceived(received);
    }

    [Fact]
    public async Task The_log_says_what_was_given_up_or_that_nothing_was()
    {
        await DrawAsync(1);
        File.Copy(directory.Database, Copy);
        await DrawAsync(1);
        PutBack();

        foreach (var expected in new[] { "Pool default has given up ", "has no effect: no pool gives up numbers" })
        {
            await using var server = await ServerProcess.StartAsync(directory, Resume);
            Assert.Contains(" WRN ", await server.LineAsync(expected));
            Assert.Equal(0, await server.StopAsync());
        }
    }

    [Fact]
    public Task Without_a_database_there_is_nothing_to_resume() =>
        BadStart.RefusedAsync(directory, "to resume; put the restored one there", Resume, "default=523000");

    [Theory]
    [InlineData("default")]
    [InlineData("default=x")]
    [InlineData("default=number:")]
    [InlineData("Default=7")]
    public Task A_value_of_the_switch_that_is_not_valid_is_refused(string value) => BadStart.RefusedAsync(
        directory,
        "--resume-after-restore (UniqueRandom__ResumeAfterRestore) must be POOL=COUNT or POOL=number:NUMBER, separated by "
        + $"commas, or nothing; it is '{value}'.",
        Resume, value);

    private void PutBack()
    {
        File.Delete($"{directory.Database}-wal");
        File.Delete($"{directory.Database}-shm");
        File.Delete($"{directory.Database}.lock");
        File.Copy(Copy, directory.Database, overwrite: true);
    }

    /// <summary>Draws, and verifies that no number was received before.</summary>
    private async Task DrawAsync(int clients, bool isKilled = false, params string[] switches)
    {
        await using var server = await ServerProcess.StartAsync(directory, switches);
        var load = await DrawLoad.StartAsync(server.Address, clients, mark: 500);
        await load.ReachedAsync();
        if (isKilled)
            await server.KillAsync();
        else
            Assert.Equal(0, await server.StopAsync());
        var results = await load.FinishAsync();
        Assert.InRange(results.Numbers.Count, 500, int.MaxValue);
        Assert.All(results.Numbers, number => Assert.True(received.Add(number), $"{number} was received twice."));
    }
}
