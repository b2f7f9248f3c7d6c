using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace UniqueRandom.Testing.Upgrades;

/// <summary>
/// A database that a server of some schema version left, and what that server answered. Stored in the folder <c>Fixtures</c>, and
/// never overwritten.
/// </summary>
internal sealed record UpgradeFixture(string Name)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(SourcePath())!, "Fixtures");

    /// <summary>The fixtures that have answers, which are those that can be upgraded.</summary>
    public static IEnumerable<UpgradeFixture> All =>
        Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal)
            .Select(path => new UpgradeFixture(Path.GetFileNameWithoutExtension(path)));

    public bool IsSqlite => Name.StartsWith(Sqlite, StringComparison.Ordinal);

    /// <summary>The version of the schema.</summary>
    public int Version => int.Parse(Name.Split('-')[1], CultureInfo.InvariantCulture);

    private string DatabasePath => Path.Combine(Folder, $"{Name}.{(IsSqlite ? "db.gz" : "sql")}");

    private string MarkPath => Path.Combine(Folder, $"{Name}.mark.gz");

    private string AnswersPath => Path.Combine(Folder, $"{Name}.json");

    public static UpgradeFixture Of(string store, long version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{store}-{version}"));

    public RecordedAnswers ReadAnswers() => RecordedAnswers.Parse(File.ReadAllText(AnswersPath));

    /// <summary>Opens the database: a file of SQLite, or statements of PostgreSQL.</summary>
    public Stream OpenDatabase()
    {
        var file = File.OpenRead(DatabasePath);
        return IsSqlite ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Opens the high-water mark of the database; null if that version has none.</summary>
    public Stream? OpenMark() =>
        File.Exists(MarkPath) ? new GZipStream(File.OpenRead(MarkPath), CompressionMode.Decompress) : null;

    /// <summary>Stores a new fixture.</summary>
    /// <exception cref="IOException">There is one of this name.</exception>
    public void Create(ReadOnlySpan<byte> database, RecordedAnswers answers, byte[]? mark = null)
    {
        using var file = new FileStream(DatabasePath, FileMode.CreateNew);
        using Stream target = IsSqlite ? new GZipStream(file, CompressionLevel.SmallestSize) : file;
        target.Write(database);
        File.WriteAllText(AnswersPath, answers.ToString());
        if (mark is null)
            return;
        using var markFile = new GZipStream(new FileStream(MarkPath, FileMode.CreateNew), CompressionLevel.SmallestSize);
        markFile.Write(mark);
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
