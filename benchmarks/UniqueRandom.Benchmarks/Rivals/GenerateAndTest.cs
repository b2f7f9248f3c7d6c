using System.Security.Cryptography;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>
/// The rival: generates a number and tests whether it was handed out before, until it finds a new one. As good as it can be made with
/// the same durability: one compiled INSERT OR IGNORE a try, on the clustered key, and only the successful one is synced;
/// random words from the same source as a pool's seed, fetched in bulk.
/// </summary>
internal sealed class GenerateAndTest : IDisposable
{
    private readonly Lock gate = new();
    private readonly DurableDatabase database;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement delete;
    private readonly byte[] words = new byte[4096];
    private readonly int size;
    private int nextWord;
    private int left;

    private GenerateAndTest(DurableDatabase database, int size)
    {
        this.database = database;
        this.size = size;
        insert = database.Compile("INSERT OR IGNORE INTO handed_out (number) VALUES (?1)");
        delete = database.Compile("DELETE FROM handed_out WHERE number = ?1");
        left = size - int.Parse(database.Text("SELECT COUNT(*) FROM handed_out")!);
        nextWord = words.Length;
    }

    public static GenerateAndTest Open(string path, int size, double percentFilled)
    {
        if (!File.Exists(path))
            Fill(path, size, Share.Of(size, percentFilled));
        return new GenerateAndTest(DurableDatabase.Open(path), size);
    }

    /// <summary>Creates the table with a number of its numbers handed out, chosen at random.</summary>
    public static void Fill(string path, int size, int count) => DurableDatabase.Prepare(path, database =>
    {
        database.Execute("CREATE TABLE handed_out (number INTEGER PRIMARY KEY)");
        using var insert = database.Compile("INSERT INTO handed_out (number) VALUES (?1)");
        // Selection sampling (Knuth, TAOCP vol. 2, 3.4.2, Algorithm S): exactly that many, in ascending order, which fills fastest.
        for (var number = 1; number <= size && count > 0; number++)
        {
            if (Random.Shared.Next(size - number + 1) < count)
                count -= insert.Run(number);
        }
    });

    /// <summary>Hands out a number; null when none is left.</summary>
    public long? Draw()
    {
        lock (gate)
        {
            if (left == 0)
                return null;

            while (true)
            {
                var number = Generate();
                if (insert.Run(number) == 0)
                    continue;
                left--;
                return number;
            }
        }
    }

    /// <summary>Takes numbers back, so that the next measurement finds the table as full as this one did.</summary>
    public void TakeBack(IReadOnlyCollection<long> numbers)
    {
        lock (gate)
        {
            database.Execute("BEGIN");
            foreach (var number in numbers)
                left += delete.Run(number);
            database.Execute("COMMIT");
        }
    }

    public void Dispose()
    {
        insert.Dispose();
        delete.Dispose();
        database.Dispose();
    }

    private long Generate()
    {
        if (nextWord == words.Length)
        {
            RandomNumberGenerator.Fill(words);
            nextWord = 0;
        }

        var word = BitConverter.ToUInt64(words, nextWord);
        nextWord += sizeof(ulong);
        return 1 + (long)Math.BigMul(word, (ulong)size, out _);
    }
}
