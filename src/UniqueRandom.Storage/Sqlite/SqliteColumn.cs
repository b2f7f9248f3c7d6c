using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>A column with numbers that another program has handed out, in a SQLite file.</summary>
/// <param name="path">The file.</param>
/// <param name="table">The name of a table or a view.</param>
/// <param name="column">The name of the column.</param>
public sealed class SqliteColumn(string path, string table, string column)
{
    private const int LongestQuote = 40;

    /// <summary>Reads the numbers. The file is not changed, and other programs may be using it.</summary>
    /// <param name="range">The range of the pool that takes the numbers over.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>Their offsets, which the caller disposes. Rows without a value are left out.</returns>
    /// <exception cref="StoreRefusedException">
    /// The file can't be read, or a value is not a number of the range, or repeats one. The message says so.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than so large a range needs.</exception>
    public OffsetSet Read(PoolRange range, CancellationToken cancellationToken)
    {
        EmbeddedSqlite.Use();
        if (!File.Exists(path))
            throw new StoreRefusedException($"There is no file '{path}'; name the database to import from.");
        var numbers = new OffsetSet(range.Size);
        try
        {
            Read(range, numbers, cancellationToken);
            return numbers.Count > 0
                ? numbers
                : throw new StoreRefusedException($"The column '{column}' of '{table}' in '{path}' has no numbers.");
        }
        catch (Exception error)
        {
            numbers.Dispose();
            if (error is SqliteException)
            {
                throw new StoreRefusedException(
                    $"'{path}' can't be read ({error.Message.TrimEnd('.')}); "
                    + "check the names of the file, the table and the column.",
                    error);
            }

            throw;
        }
    }

    private void Read(PoolRange range, OffsetSet numbers, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        // Qualified, because SQLite takes an unknown name in quotes for a text.
        var name = Quote(column);
        using var command = connection.Command($"SELECT t.{name} FROM {Quote(table)} AS t WHERE t.{name} IS NOT NULL");
        using var row = command.ExecuteReader();
        for (var number = 1L; row.Read(); number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = Convert.ToString(row[0], CultureInfo.InvariantCulture) ?? "";
            if (ImportedLine.Add(Encoding.UTF8.GetBytes(text), range, numbers) is { } rule)
            {
                var value = text.Length > LongestQuote ? $"{text[..LongestQuote]}…" : text;
                throw new StoreRefusedException($"Value {number} of the column '{column}' in '{path}', '{value}', {rule}");
            }
        }
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
