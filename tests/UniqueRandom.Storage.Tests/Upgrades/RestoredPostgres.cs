using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

internal sealed class RestoredPostgres(TestDatabase database) : RestoredDatabase
{
    private const string Content = "SELECT schema_to_xml('uniquerandom', true, false, '')::text";

    private const string Schema = """
        SELECT string_agg(line, E'\n' ORDER BY line)
        FROM (
            SELECT concat_ws(
                ' ', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attstorage,
                attcollation::regcollation)
            FROM pg_attribute WHERE attnum > 0
            UNION ALL SELECT concat_ws(' ', oid::regclass, reloptions) FROM pg_class
            UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
            UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        ) definition (line)
        WHERE line ~ '\muniquerandom\.'
        """;

    public override int PresentVersion => PostgresSchema.Version;

    public override string Description =>
        $"The database '{database.Name}' of {PostgresAddress.Name(PostgresAddress.HostsOf(database.ConnectionString)[0])}";

    public override IPoolStore CreateStore() => new PostgresPoolStore(
        new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System);

    public override async Task<long> ReadVersionAsync() =>
        await database.ScalarAsync<int>("SELECT number FROM uniquerandom.version");

    public override Task WriteVersionAsync(int version) =>
        database.ExecuteAsync($"UPDATE uniquerandom.version SET number = {version}");

    public override async Task<string> ReadSchemaAsync() => (await database.ScalarAsync<string>(Schema))!;

    public override async Task<string> ReadContentAsync() =>
        await database.ScalarAsync<string>(Content) + await ReadSchemaAsync();

    public override ValueTask DisposeAsync() => database.DisposeAsync();

    protected override async Task RestoreAsync(UpgradeFixture fixture)
    {
        using var reader = new StreamReader(fixture.OpenDatabase());
        await database.ExecuteAsync(await reader.ReadToEndAsync(CancellationToken));
    }
}
