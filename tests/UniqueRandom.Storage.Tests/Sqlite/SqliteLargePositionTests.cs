using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>
/// Positions beyond 2^31: drawn, recorded, read and replayed. The database contains only the chunks around the cursor.
/// </summary>
public sealed class SqliteLargePositionTests : IDisposable
{
    private const long Size = 5_000_000_000;

    private readonly TemporaryDirectory directory = new();
    private readonly SqliteFile file;

    public SqliteLargePositionTests() => file = SqliteFile.Open(directory.Database);

    public void Dispose()
    {
        file.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(uint.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 12_345)]
    public void A_draw_beyond_2_to_the_31_is_recorded_and_replayed(long cursor)
    {
        var pool = AddPool(cursor);
        using var chunks = new ChunkReader(file);
        using var log = new SqliteLog(file);
        using var mark = new HighWaterMark(MarkFile.Create(directory.File("mark"), Guid.NewGuid()), TimeProvider.System);
        pool.Mark = mark.Add(pool.MarkKey, Size, cursor);
        using var committer = new SqliteCommitter(
            file, chunks, log, mark, new Dictionary<string, StoredPool> { ["large"] = pool });
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_000);

        var outcomes = new DrawOutcome[3];
        committer.Commit([new("large"), new("large", 3, "r", "k"), new("large")], outcomes, now);

        Assert.Equal([cursor, cursor + 1, cursor + 4], outcomes.Select(outcome => outcome.Position));
        Assert.Equal(NumbersAt(cursor + 1, 3), outcomes[1].Numbers.ToArray());
        Assert.Equal(cursor + 5, pool.Cursor);
        Assert.Equal(cursor + 5, file.Connection.Scalar("SELECT cursor FROM pool"));
        Assert.Equal(
            [new(cursor, 1, now), new(cursor + 1, 3, now, "r", "k"), new(cursor + 4, 1, now)],
            log.Read(pool, cursor, 10)[^3..]);

        committer.Commit([new("large", 3, "r", "k"), new("large")], outcomes, now);

        Assert.True(outcomes[0].IsReplayed);
        Assert.Equal(cursor + 1, outcomes[0].Position);
        Assert.Equal(new DrawLogRow(cursor + 4, 2, now), log.Read(pool, cursor + 4, 10).Single());
        Assert.Equal(cursor + 6, pool.Snapshot().Cursor);
    }

    [Fact]
    public void A_row_of_more_than_2_to_the_31_numbers_can_be_read()
    {
        var pool = AddPool(Size - 1);
        using var log = new SqliteLog(file);
        Assert.Equal(new DrawLogRow(0, Size - 1, DateTimeOffset.UnixEpoch), log.Read(pool, 3_000_000_000, 10).Single());
        Assert.Equal(Size - 1, pool.Snapshot().Cursor);
    }

    /// <summary>A pool with a stored order of this size can't be created, because the limit of the shuffle is lower.</summary>
    private static readonly PoolRange LargeRange = new(1, Size);

    /// <summary>Adds a pool with a cursor and the chunks around it. The numbers in each chunk count down.</summary>
    private StoredPool AddPool(long cursor)
    {
        var commitment = Commitment.To(Seeds.Zero, LargeRange);
        file.Connection.Execute(
            """
            INSERT INTO pool (id, name, minimum, maximum, state, cursor, seed, commitment, created_at)
            VALUES (1, 'large', 1, @size, 1, @cursor, @seed, @commitment, 0)
            """,
            ("@size", Size),
            ("@cursor", cursor),
            ("@seed", Seeds.Zero.Bytes.ToArray()),
            ("@commitment", commitment.Bytes.ToArray()));
        file.Connection.Execute(
            "INSERT INTO draw (pool_id, first, count, drawn_at) VALUES (1, 0, @cursor, 0)", ("@cursor", cursor));
        var first = Chunk.Locate(cursor).Index;
        for (var number = first; number < Math.Min(first + 2, Chunk.CountOf(Size)); number++)
        {
            var length = Chunk.LengthOf(number, Size);
            var bytes = new byte[length * sizeof(uint)];
            Chunk.Encode([.. Enumerable.Range(0, length).Select(place => (uint)(Chunk.Length - place))], bytes);
            file.Connection.Execute(
                "INSERT INTO chunk VALUES (1, @number, @checksum, @bytes)",
                ("@number", number), ("@checksum", (long)Chunk.Checksum(commitment.Bytes, number, bytes)), ("@bytes", bytes));
        }

        var definition = new PoolDefinition("large", LargeRange);
        var pool = new StoredPool(new StoredSegment(1, definition, 0, 0, Seeds.Zero, commitment, DateTimeOffset.UnixEpoch))
        {
            State = PoolState.Open,
            ClosedAt = null,
        };
        pool.Advance(cursor, lastRow: null);
        return pool;
    }

    private static IEnumerable<long> NumbersAt(long position, int count) =>
        Enumerable.Range(0, count).Select(next => 1 + Chunk.Length - (position + next) % Chunk.Length);
}
