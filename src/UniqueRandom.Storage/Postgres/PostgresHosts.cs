using System.Diagnostics;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The servers of the connection string, one of which is the primary. Thread-safe.</summary>
/// <remarks>
/// All servers are queried, and the primary with the highest timeline is used. After a failover the old primary may come back as
/// a primary; it would hand out numbers that the new one has handed out already. Nodes that reach different servers can't detect
/// this: only fencing and synchronous replication protect them.
/// </remarks>
internal sealed class PostgresHosts(IReadOnlyList<NpgsqlConnectionStringBuilder> addresses, PostgresAcknowledged acknowledged)
    : IAsyncDisposable
{
    /// <summary>How long a failed search is cached.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim reads = new(PostgresAddress.MaximumReads);
    private readonly PostgresHost[] servers = [.. addresses.Select(address => new PostgresHost(address, acknowledged))];
    private readonly SemaphoreSlim turn = new(1);
    private volatile PostgresHost? primary;
    private PostgresIdentity? newest;
    private StoreException? failure;
    private long failedAt;

    /// <summary>Gets the known primary, or finds one.</summary>
    /// <exception cref="StoreException">There is no primary: <see cref="StoreFault.Unavailable"/>.</exception>
    public async ValueTask<PostgresHost> PrimaryAsync(CancellationToken cancellationToken)
    {
        if (primary is { } known)
            return known;

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (failure is not null && Stopwatch.GetElapsedTime(failedAt) < FailureLifetime)
                throw failure;
            return primary ??= await FindAsync(cancellationToken);
        }
        catch (StoreException error) when (error != failure)
        {
            (failure, failedAt) = (error, Stopwatch.GetTimestamp());
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Makes the next caller find the primary again, because a connection to this server has failed.</summary>
    public void Invalidate(PostgresHost server)
    {
        if (primary == server)
            primary = null;
    }

    /// <summary>Reads from the primary. The data may not have reached a standby yet.</summary>
    /// <exception cref="StoreException">The data could not be read: <see cref="StoreFault.Unavailable"/>.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var server = await PrimaryAsync(cancellationToken);
        await reads.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await ConnectAsync(server, cancellationToken);
            return await work(connection);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            if (PostgresErrors.IsLoss(error))
                Invalidate(server);
            throw PostgresErrors.Unavailable(server, error);
        }
        finally
        {
            reads.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(PostgresHost server, CancellationToken cancellationToken)
    {
        try
        {
            return await server.ConnectAsync(cancellationToken);
        }
        catch (StoreException)
        {
            Invalidate(server);
            throw;
        }
    }

    private async Task<PostgresHost> FindAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(servers.Select(server => IdentifyAsync(server, cancellationToken)));
        var primaries = answers.Where(answer => answer.Identity?.Timeline is not null)
            .OrderByDescending(answer => answer.Identity!.Timeline)
            .ToArray();
        if (primaries is not [{ Identity: { } identity } found, ..])
        {
            var states = string.Join("; ", answers.Select(answer => answer.Describe()));
            throw Unavailable(
                $"No server is a primary: {states}. Draws go on when there is one.",
                answers.All(answer => answer.Error is null || PostgresErrors.IsTransient(answer.Error)));
        }

        // Two addresses of one server have the same identity.
        if (primaries.FirstOrDefault(other => other.IsRivalOf(identity)) is { } rival)
        {
            throw Unavailable(
                $"{found.Server.Name} and {rival.Server.Name} are both primaries, and neither has replaced the other. "
                + "Find out which of them has all acknowledged draws, and make the other one its standby.");
        }

        if (newest is not null && identity.System != newest.System)
        {
            throw Unavailable(
                $"{found.Server.Name} is not a copy of the server that this node has drawn from; "
                + "correct the connection string or the server.",
                isTransient: false);
        }

        if (identity.Timeline < newest?.Timeline)
        {
            throw Unavailable(
                $"{found.Server.Name} is a primary of timeline {identity.Timeline}, and this node has used timeline "
                + $"{newest.Timeline}: it was replaced by a failover. Make it a standby of the new primary.");
        }

        if (found.Loss is { } loss)
        {
            if (loss.Unrecorded.Count > 0)
                await TryRecordAsync(found.Server, loss, cancellationToken);
            throw Unavailable(loss.Describe(found.Server.Name), isTransient: false);
        }

        newest = identity;
        found.Server.Accept(identity);
        return found.Server;
    }

    private static async Task TryRecordAsync(PostgresHost server, PostgresLoss loss, CancellationToken cancellationToken)
    {
        try
        {
            await server.RecordAsync(loss, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            // The next search tries it again; this node does not draw in any case.
        }
    }

    private static async Task<Answer> IdentifyAsync(PostgresHost server, CancellationToken cancellationToken)
    {
        try
        {
            var (identity, loss) = await server.IdentifyAsync(cancellationToken);
            return new(server, identity, loss, null);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            return new(server, null, null, error);
        }
    }

    private static StoreException Unavailable(string message, bool isTransient = true) =>
        new(StoreFault.Unavailable, message) { IsTransient = isTransient };

    /// <summary>The answer of one server to the search for the primary.</summary>
    private sealed record Answer(PostgresHost Server, PostgresIdentity? Identity, PostgresLoss? Loss, Exception? Error)
    {
        public string Describe() => $"{Server.Name} {(Error is null ? "is a standby" : $"({PostgresErrors.Describe(Error)})")}";

        /// <summary>Whether the timelines don't show which of two primaries is newer.</summary>
        public bool IsRivalOf(PostgresIdentity other) => Identity != other
            && (Identity!.Timeline == other.Timeline || Identity.System != other.System);
    }
}
