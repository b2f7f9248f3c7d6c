using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Verifies the server and its data, and upgrades the schema.</summary>
internal static class PostgresOpening
{
    /// <returns>What is left to verify.</returns>
    /// <exception cref="StoreRefusedException">The data can't be served.</exception>
    /// <exception cref="StoreException">The data could not be read.</exception>
    public static async Task<IReadOnlyList<PostgresInspection.UnverifiedPool>> OpenAsync(
        PostgresHosts hosts,
        PostgresSessions sessions,
        PostgresInspection inspection,
        PoolDefinition? expected,
        CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        var isUpgraded = await hosts.ReadAsync(async connection =>
        {
            if (await PostgresDurability.ReadAsync(connection, cancellationToken) is { Weakness: { } weakness })
                throw new StoreRefusedException($"{primary.Name} can't be used: {weakness}.");
            return await PostgresSchema.EnsureAsync(connection, primary.Name, VerifyAsync, cancellationToken);
        }, cancellationToken);
        // An older schema could not be compared with the mark.
        if (isUpgraded)
        {
            primary.CloseIdle();
            hosts.Invalidate(primary);
            await hosts.PrimaryAsync(cancellationToken);
        }

        var unverified = await VerifyAsync();
        if (expected is not null)
            await RemoveUnexpectedAsync(hosts, sessions, expected, cancellationToken);
        return unverified;

        Task<IReadOnlyList<PostgresInspection.UnverifiedPool>> VerifyAsync() =>
            inspection.VerifyStartAsync(primary.Name, expected, cancellationToken);
    }

    /// <summary>
    /// Removes an unfinished pool that is expected with another range: no client knows the pool of an interrupted first start.
    /// </summary>
    private static async Task RemoveUnexpectedAsync(
        PostgresHosts hosts, PostgresSessions sessions, PoolDefinition expected, CancellationToken cancellationToken)
    {
        var found = await hosts.ReadAsync(
            connection => PostgresPools.FindAsync(connection, expected.Name, cancellationToken), cancellationToken);
        if (found is not { Pool: { State: PoolState.Seeding, Definition: var definition } }
            || definition.Range == expected.Range)
        {
            return;
        }

        var isClaimed = await sessions.UseAsync(async session =>
        {
            if (await PostgresSeeding.TryClaimAsync(session, found.Value.Stored.Segments[0]) is not { } seeding)
                return false;
            await seeding.RemoveAsync();
            return true;
        }, cancellationToken);
        if (!isClaimed)
        {
            throw new StoreRefusedException(
                $"Another node is seeding the pool '{expected.Name}' with the range {definition.Range}, and {expected.Range} is "
                + "configured; configure the same range for all nodes.");
        }
    }
}
