namespace UniqueRandom.Benchmarks.Http;

/// <summary>A way to hand out each number once in PostgreSQL alone.</summary>
/// <param name="Table">The only table it needs.</param>
/// <param name="Fill">Makes the table.</param>
/// <param name="Draw">Draws one number.</param>
internal sealed record PgbenchRival(string Table, string[] Fill, string Draw)
{
    public const int Size = 1_000_000;

    /// <summary>A counter, from which the caller has yet to compute a number: all wait for one row until it is on the disk.</summary>
    public static readonly PgbenchRival Counter = new(
        "counter",
        [
            "CREATE TABLE counter (id integer PRIMARY KEY, cursor bigint NOT NULL)",
            "INSERT INTO counter VALUES (1, 0)",
        ],
        "UPDATE counter SET cursor = cursor + 1 WHERE id = 1 RETURNING cursor");

    /// <summary>
    /// A table of shuffled numbers, from which everybody takes the first row that nobody else is about to take. By its address, which a
    /// locked row keeps: by its position it would be searched for twice, and that is slower by a sixth.
    /// </summary>
    public static readonly PgbenchRival Rows = new(
        "pool_row",
        [
            "CREATE TABLE pool_row (position integer NOT NULL, number integer NOT NULL)",
            $"INSERT INTO pool_row SELECT row_number() OVER (ORDER BY random()), number FROM generate_series(1, {Size}) AS number",
            "ALTER TABLE pool_row ADD PRIMARY KEY (position)",
        ],
        "DELETE FROM pool_row WHERE ctid = (SELECT ctid FROM pool_row ORDER BY position FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING number");
}
