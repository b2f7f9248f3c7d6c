using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Checks a PostgreSQL database, which nodes may be using. Changes nothing.</summary>
public static class PostgresCheck
{
    /// <summary>
    /// Checks all checksums, that each permutation is the one of its seed and each seed the one of its commitment, and that each
    /// log covers the positions before the cursor.
    /// </summary>
    /// <param name="options">The database.</param>
    /// <param name="progress">Receives the progress, or null.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The pools that are stored whole.</returns>
    /// <exception cref="StoreRefusedException">The database is damaged, of another version, or can't be read.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the order of a pool needs.</exception>
    public static async Task<IReadOnlyList<CheckedPool>> RunAsync(
        PostgresOptions options, IProgress<CheckProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var hosts = new PostgresHosts(PostgresAddress.HostsOf(options.ConnectionString), new PostgresAcknowledged());
        try
        {
            var (version, _, _) = await hosts.ReadAsync(
                connection => PostgresSchema.IdentifyAsync(connection, cancellationToken), cancellationToken);
            if (version != PostgresSchema.Version)
            {
                var place = PostgresAddress.Describe(options.ConnectionString);
                throw new StoreRefusedException(
                    $"{place} has {(version is null ? "no pools" : $"version {version}")}, "
                    + $"and this program checks version {PostgresSchema.Version}; start a node on it first.");
            }

            var inspection = new PostgresInspection(hosts, new PostgresChunks(hosts));
            var pools = await inspection.ListAsync(cancellationToken);
            var total = pools.Sum(pool => pool.Stored.StoredSize);
            await inspection.VerifyRestAsync(
                pools, besideDraws: false, verifiesOrder: true, new CheckCounter(progress, total), cancellationToken);
            return [.. pools.Select(pool => new CheckedPool(pool.Stored.Definition, pool.State, pool.Cursor))];
        }
        catch (StoreException error)
        {
            throw new StoreRefusedException(error.Message, error);
        }
    }
}
