namespace UniqueRandom.Storage.Marks;

/// <summary>Where the high-water mark of a database is, and what to do if the database is an old copy.</summary>
public sealed record MarkOptions
{
    /// <summary>
    /// Gets the file of the mark. Null, the default, is the path of the SQLite database with <c>.mark</c> appended, or
    /// <c>numbers.mark</c> in the current directory with PostgreSQL. Another disk than that of the database is better, because
    /// the file must not be restored together with it.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// Gets what to do with a database that is older than its mark, or has lost it. Null, the default, refuses it.
    /// </summary>
    public ResumeAfterRestore? Resume { get; init; }
}
