using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Records pools, and seeds them in turn. Thread-safe.</summary>
internal sealed class PostgresCreation(
    PostgresSessions sessions, PostgresReader reader, SeedingTurns turns, PostgresAcknowledged acknowledged) : IDisposable
{
    private const string Insert = $"""
        INSERT INTO uniquerandom.pool (name, minimum, maximum, is_computed, code, state, cursor, seed, commitment, created_at)
        SELECT $1, $2, $3, $4, $5, CASE WHEN $4 THEN 1 ELSE 0 END, 0, $6, $7, $8 WHERE NOT ({PostgresLosses.IsBlocked})
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Limits creations to one at a time, so that many at once don't take all connections.</summary>
    private readonly SemaphoreSlim recording = new(1);

    public async Task<PoolCreation> CreateAsync(
        PoolDefinition definition, Seed seed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(definition.Name, cancellationToken) is { } existing)
            return new PoolCreation(existing, IsNew: false);

        Permutation.RequireMemory(definition.StoredSize);
        var isNew = await RecordAsync(definition, seed, now, cancellationToken);
        return await FindRecordedAsync(definition.Name, isNew, cancellationToken);
    }

    public Task<PoolCreation> ImportAsync(
        PoolDefinition definition, PoolImport import, Seed seed, TimeProvider time, CancellationToken cancellationToken) =>
        turns.RunImportAsync(async stop =>
        {
            var isNew = await sessions.UseAsync(
                session => new PostgresImport(session, definition, import, acknowledged).RunAsync(seed, time, stop), stop);
            // Otherwise the import may be on the primary only: whoever recorded it was in doubt about its end.
            if (!isNew)
                await sessions.CheckAsync(stop);
            return await FindRecordedAsync(definition.Name, isNew, stop);
        }, cancellationToken);

    public async Task<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (await reader.FindUnfinishedAsync(name, cancellationToken) is not { } segment)
            return null;
        var isSeeded = await turns.RunAsync(
            segment.Part, stop => SeedInTurnAsync(segment, progress, stop), cancellationToken);
        return isSeeded ? await reader.FindAsync(name, CancellationToken.None) : null;
    }

    public void Dispose() => recording.Dispose();

    /// <summary>Gets the pool that has a name after it was recorded.</summary>
    private async Task<PoolCreation> FindRecordedAsync(string name, bool isNew, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(name, cancellationToken) is { } pool)
            return new PoolCreation(pool, isNew);
        // Throws why the pool could not be recorded.
        await sessions.CheckAsync(cancellationToken);
        throw new StoreException(StoreFault.Unavailable, $"Another node has removed the pool '{name}' again; try again.")
        {
            IsTransient = true,
        };
    }

    /// <returns>Whether the pool is new; false if its name is taken.</returns>
    private async Task<bool> RecordAsync(
        PoolDefinition definition, Seed seed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (range, commitment) = (definition.Range, Commitment.To(seed, definition.Range, definition.Order));
        var insert = Statement(
            Insert,
            definition.Name.ToParameter(),
            range.Minimum.ToParameter(),
            range.Maximum.ToParameter(),
            (definition.Order == PoolOrder.Computed).ToParameter(),
            (definition.Code?.ToString()).ToParameter(),
            seed.Bytes.ToArray().ToParameter(),
            commitment.Bytes.ToArray().ToParameter(),
            now.ToParameter());
        await recording.WaitAsync(cancellationToken);
        try
        {
            await sessions.ExecuteAsync([new(PostgresSchema.LockVersion), insert], cancellationToken);
        }
        finally
        {
            recording.Release();
        }

        return insert.Rows == 1;
    }

    private Task<bool> SeedInTurnAsync(
        PostgresSegment segment, IProgress<long>? progress, CancellationToken cancellationToken) =>
        sessions.UseAsync(async session =>
        {
            var seeding = await PostgresSeeding.TryClaimAsync(session, segment);
            if (seeding is not { IsIncomplete: true })
                return seeding is not null && await seeding.SeedAsync(progress, cancellationToken);
            await seeding.RemoveAsync();
            return false;
        }, cancellationToken);
}
