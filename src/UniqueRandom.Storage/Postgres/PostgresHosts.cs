using System.Diagnostics;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The servers of the connection string, of which one is the primary. Thread-safe.</summary>
/// <remarks>
/// All of them are asked, and not the first one that answers is taken: after a failover the old primary may come back and still believe that it is one.
/// What it would hand out was handed out by the new one already. The new one has the higher timeline.
/// </remarks>
internal sealed class PostgresHosts(IReadOnlyList<NpgsqlConnectionStringBuilder> addresses) : IAsyncDisposable
{
    /// <summary>For so long after all servers were asked in vain the answer stands, or every draw would ask all of them again.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>So many reads have a connection at once; there are more of them, so that draws and checks need not wait for reads.</summary>
    private const int ReadsAtOnce = 8;

    private readonly SemaphoreSlim reads = new(ReadsAtOnce);
    private readonly PostgresHost[] servers = [.. addresses.Select(address => new PostgresHost(address))];
    private readonly SemaphoreSlim turn = new(1);
    private volatile PostgresHost? primary;
    private PostgresIdentity newest;
    private StoreException? failure;
    private long failedAt;

    /// <summary>The primary as it is known, or else as it is found now.</summary>
    /// <exception cref="StoreException">There is none: <see cref="StoreFault.Unavailable"/>.</exception>
    public async ValueTask<PostgresHost> PrimaryAsync(CancellationToken cancellationToken)
    {
        if (primary is { } known)
            return known;

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (failure is not null && Stopwatch.GetElapsedTime(failedAt) < AskAgainAfter)
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

    /// <summary>A connection to it has failed: whoever is next finds out which one is the primary.</summary>
    public void Forget(PostgresHost server)
    {
        if (primary == server)
            primary = null;
    }

    /// <summary>Reads from the primary. What is read may be on no standby yet.</summary>
    /// <exception cref="StoreException">It could not be read: <see cref="StoreFault.Unavailable"/>.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var server = await PrimaryAsync(cancellationToken);
        await reads.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await server.Source.OpenConnectionAsync(cancellationToken);
            return await work(connection);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            if (PostgresErrors.IsLoss(error))
                Forget(server);
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

    private async Task<PostgresHost> FindAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(servers.Select(server => AskAsync(server, cancellationToken)));
        var primaries = answers.Where(answer => answer.Identity?.Timeline is not null).OrderByDescending(answer => answer.Identity!.Value.Timeline).ToArray();
        if (primaries is not [var (found, identity, _), ..])
            throw Unavailable($"No primary is there: {string.Join("; ", answers.Select(answer => $"{answer.Server.Name} {answer.Error ?? "is a standby"}"))}. Draws go on when there is one.");
        if (newest.Timeline is not null && identity!.Value.System != newest.System)
            throw Unavailable($"{found.Name} is the primary of other data than this node has drawn from; correct the connection string or the server.");
        if (identity!.Value.Timeline < newest.Timeline)
        {
            throw Unavailable(
                $"{found.Name} is a primary of timeline {identity.Value.Timeline}, and this node has drawn from timeline {newest.Timeline}: it was replaced by a failover. "
                + "Make it a standby of the new primary.");
        }

        newest = identity.Value;
        return found;
    }

    private static async Task<(PostgresHost Server, PostgresIdentity? Identity, string? Error)> AskAsync(PostgresHost server, CancellationToken cancellationToken)
    {
        try
        {
            return (server, await server.IdentifyAsync(cancellationToken), null);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            return (server, null, $"({PostgresErrors.Explain(error)})");
        }
    }

    private static StoreException Unavailable(string message) => new(StoreFault.Unavailable, message);
}
