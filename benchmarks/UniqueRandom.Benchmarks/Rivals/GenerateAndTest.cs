using System.Security.Cryptography;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>
/// Generates random numbers until one was not handed out before. As fast as the same durability allows: each attempt is a
/// prepared INSERT OR IGNORE on the clustered key, only the successful one is synced, and random words are generated in bulk.
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
        insert = database.Prepare("INSERT OR IGNORE INTO handed_out (number) VALUES (?1)");
        delete = database.Prepare("DELETE FROM handed_out WHERE number = ?1");
        left = size - int.Parse(database.Text("SELECT COUNT(*) FROM handed_out")!);
        nextWord = words.Length;
    }

    public static GenerateAndTest Open(string path, int size, double percentFilled)
    {
        if (!File.Exists(path))
            Fill(path, size, (int)Math.Round(size * percentFilled / 100));
        return new GenerateAndTest(new DurableDatabase(path), size);
    }

    private static void Fill(string path, int size, int count)
    {
        using var database = new DurableDatabase(path);
        database.Execute("CREATE TABLE handed_out (number INTEGER PRIMARY KEY)");
        database.Execute("BEGIN");
        using var insert = database.Prepare("INSERT INTO handed_out (number) VALUES (?1)");
        // Selection sampling (Knuth, TAOCP vol. 2, 3.4.2, Algorithm S), in ascending order, the fastest to insert.
        for (var number = 1; number <= size && count > 0; number++)
        {
            if (Random.Shared.Next(size - number + 1) < count)
                count -= insert.Run(number);
        }

        database.Execute("COMMIT");
    }

    /// <summary>Hands out a number. Returns null if none is left.</summary>
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

    /// <summary>Returns numbers to the table, so that the next iteration finds it as full as this one did.</summary>
    public void Return(IReadOnlyCollection<long> numbers)
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
