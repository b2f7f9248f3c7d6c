using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Opens sessions on the primary. Thread-safe.</summary>
internal sealed class PostgresSessions(PostgresHosts hosts, PostgresOptions options)
{
    /// <summary>Opens a session; the caller disposes it.</summary>
    /// <exception cref="StoreException">No session could be opened: <see cref="StoreFault.Unavailable"/>.</exception>
    public async Task<PostgresSession> OpenAsync(CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        try
        {
            return await PostgresSession.OpenAsync(primary, options, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            hosts.Invalidate(primary);
            throw PostgresErrors.Unavailable(primary, error);
        }
        catch (StoreException)
        {
            hosts.Invalidate(primary);
            throw;
        }
    }

    /// <summary>Runs work on a new session.</summary>
    /// <exception cref="StoreException">The work failed.</exception>
    public async Task<T> UseAsync<T>(Func<PostgresSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        try
        {
            return await work(session);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(session.Host, error);
        }
        finally
        {
            if (session.IsLost)
                hosts.Invalidate(session.Host);
        }
    }

    /// <summary>Executes statements in a transaction, and returns when it is certain to last.</summary>
    /// <exception cref="StoreException">The transaction failed, or its outcome is unknown.</exception>
    public Task ExecuteAsync(IReadOnlyList<NpgsqlBatchCommand> statements, CancellationToken cancellationToken) =>
        UseAsync(async session =>
        {
            await session.BeginAsync(statements, PostgresConnectionExtensions.ReadToEndAsync);
            await session.CommitAsync([]);
            return true;
        }, cancellationToken);

    /// <summary>Commits a transaction that changes nothing.</summary>
    /// <remarks>
    /// A row lock is written to the WAL. While one commit waits for a standby that is gone, later ones fail to get the lock
    /// instead of waiting for the standby, too, each with a connection.
    /// </remarks>
    /// <exception cref="StoreException">
    /// The transaction could not be committed, or the server lacks what a node has acknowledged.
    /// </exception>
    public Task CheckAsync(CancellationToken cancellationToken) => UseAsync(async session =>
    {
        var isBlocked = false;
        await session.BeginAsync([new(PostgresSchema.LockVersion), new($"SELECT {PostgresLosses.IsBlocked}")], async rows =>
        {
            await rows.NextResultAsync();
            await rows.ReadAsync();
            isBlocked = rows.GetBoolean(0);
        });
        await session.CommitAsync([]);
        if (isBlocked)
            throw await PostgresLosses.RefuseAsync(session);
        return true;
    }, cancellationToken);
}
