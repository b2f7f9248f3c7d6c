using System.Buffers.Binary;
using System.Data;
using Npgsql;

namespace UniqueRandom.Failover.Tests.Load;

/// <summary>A run of positions in the draw log.</summary>
internal readonly record struct LoggedRun(int First, int Count, string? Key);

/// <summary>The content of the only pool on a server, read without the code under test.</summary>
internal sealed class ReplicatedDraws
{
    private readonly Dictionary<long, int> positions = [];
    private readonly Dictionary<string, LoggedRun> runs = new(StringComparer.Ordinal);
    private readonly List<LoggedRun> log = [];

    /// <summary>The count of drawn positions.</summary>
    public int Cursor { get; private set; }

    /// <summary>The position of each drawn number.</summary>
    public IReadOnlyDictionary<long, int> Positions => positions;

    public static async Task<ReplicatedDraws> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var stored = new ReplicatedDraws();
        var minimum = await stored.ReadPoolAsync(connection);
        await stored.ReadLogAsync(connection);
        await stored.ReadNumbersAsync(connection, minimum);
        return stored;
    }

    /// <summary>Returns the only run of a key.</summary>
    public LoggedRun RunOf(string key) => runs[key];

    /// <summary>Returns the run that contains a position.</summary>
    public LoggedRun RunAt(int position)
    {
        var at = log.BinarySearch(
            new LoggedRun(position, 0, null), Comparer<LoggedRun>.Create((one, other) => one.First.CompareTo(other.First)));
        return log[at >= 0 ? at : ~at - 1];
    }

    private async Task<long> ReadPoolAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT minimum, cursor FROM uniquerandom.pool WHERE name = 'default'", connection);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        Cursor = row.GetInt32(1);
        return row.GetInt64(0);
    }

    private async Task ReadLogAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT first, count, key FROM uniquerandom.draw ORDER BY first", connection);
        await using var row = await command.ExecuteReaderAsync();
        var end = 0;
        while (await row.ReadAsync())
        {
            var run = new LoggedRun(row.GetInt32(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2));
            Assert.Equal(end, run.First);
            end += run.Count;
            log.Add(run);
            if (run.Key is not null)
                Assert.True(runs.TryAdd(run.Key, run), $"The key {run.Key} has two runs.");
        }

        Assert.Equal(Cursor, end);
    }

    private async Task ReadNumbersAsync(NpgsqlConnection connection, long minimum)
    {
        await using var command = new NpgsqlCommand(
            "SELECT number, offsets FROM uniquerandom.chunk WHERE number <= $1 / 8192 ORDER BY number", connection)
        {
            Parameters = { new() { Value = Cursor } },
        };
        await using var row = await command.ExecuteReaderAsync();
        for (var chunk = 0; await row.ReadAsync(); chunk++)
        {
            Assert.Equal(chunk, row.GetInt32(0));
            var offsets = row.GetFieldValue<byte[]>(1);
            for (var at = 0; at < offsets.Length && positions.Count < Cursor; at += sizeof(uint))
                positions.Add(minimum + BinaryPrimitives.ReadUInt32LittleEndian(offsets.AsSpan(at)), positions.Count);
        }

        Assert.Equal(Cursor, positions.Count);
    }
}
