using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Databases of other programs, whose numbers are imported.</summary>
public sealed class SqliteColumnTests : IDisposable
{
    private static readonly PoolRange Range = new(1, 1000);

    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("number INTEGER PRIMARY KEY", "(7), (1000), (3)")]
    [InlineData("number", "(7), ('1000'), (' 3 '), (NULL)")]
    [InlineData("number TEXT, x DEFAULT 'text'", "(7, 1), ('1000', 2), (NULL, 3), ('3', 4)")]
    public void The_numbers_of_a_column_are_read(string columns, string values)
    {
        SqliteDatabase.Execute(
            directory.Database, $"CREATE TABLE handed_out ({columns}); INSERT INTO handed_out VALUES {values}");
        using var numbers = new SqliteColumn(directory.Database, "handed_out", "number").Read(Range, CancellationToken);
        Assert.Equal(SampleLog.ListOf(Range, 3, 7, 1000), ImportedList.Of(Range, numbers));
    }

    [Fact]
    public void Names_can_have_quotes()
    {
        SqliteDatabase.Execute(
            directory.Database, "CREATE TABLE \"a \"\"b\"\"\" (\"x'];\"\"\" INTEGER); INSERT INTO \"a \"\"b\"\"\" VALUES (5)");
        using var numbers = new SqliteColumn(directory.Database, "a \"b\"", "x'];\"").Read(Range, CancellationToken);
        Assert.Equal(1, numbers.Count);
    }

    [Theory]
    [InlineData("(7), (7)", "Value 2 of the column 'number' in '", "', '7', repeats the number 7.")]
    [InlineData("(NULL), (1001)", "Value 1", "'1001', is not a number from 1 to 1000.")]
    [InlineData("(5), (6), ('ticket 7')", "Value 3", "'ticket 7', is not an integer, such as 42.")]
    [InlineData("(5.5)", "Value 1", "'5.5', is not an integer")]
    [InlineData("(x'07')", "Value 1", "is not an integer")]
    [InlineData("(NULL)", "The column 'number' of 'handed_out' in '", "' has no numbers.")]
    public void A_value_that_is_not_a_new_number_of_the_range_is_named(string values, string start, string end)
    {
        SqliteDatabase.Execute(directory.Database, $"CREATE TABLE handed_out (number); INSERT INTO handed_out VALUES {values}");
        var message = Refused("handed_out", "number");
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        Assert.Contains(end, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("handed_out", "numbr", "no such column")]
    [InlineData("hand_out", "number", "no such table")]
    [InlineData("handed_out\"; DROP TABLE handed_out; --", "number", "no such table")]
    public void A_table_or_a_column_that_does_not_exist_is_refused(string table, string column, string reason)
    {
        SqliteDatabase.Execute(directory.Database, "CREATE TABLE handed_out (number); INSERT INTO handed_out VALUES (1)");
        var message = Refused(table, column);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.EndsWith("check the names of the file, the table and the column.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_database_is_refused()
    {
        Assert.StartsWith("There is no file", Refused("t", "c"), StringComparison.Ordinal);
        Assert.Empty(directory.Contents());
        File.WriteAllText(directory.Database, new string('x', 5000));
        Assert.Contains("file is not a database", Refused("t", "c"), StringComparison.Ordinal);
    }

    private string Refused(string table, string column) => Assert.Throws<StoreRefusedException>(
        () => new SqliteColumn(directory.Database, table, column).Read(Range, CancellationToken)).Message;
}
