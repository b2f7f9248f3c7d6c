using UniqueRandom.Pools;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Backups;

/// <summary>The routes that back up the database and check it. They answer at once, and the work goes on.</summary>
internal sealed partial class BackupEndpoints(
    IPoolStore store,
    ServerOptions options,
    StoreHealth health,
    TimeProvider time,
    IHostApplicationLifetime life,
    ILogger<BackupEndpoints> logger)
{
    private readonly LongOperation<StoredBackup> backup = new(Describe, time);
    private readonly LongOperation<DrawnPool[]> check = new(Describe, time);
    private long verified;
    private long total;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/backup", StartBackupAsync).RequiresAdmin();
        routes.MapGet("/backup", ShowBackupAsync).RequiresAdmin();
        routes.MapPost("/check", StartCheckAsync).RequiresAdmin();
        routes.MapGet("/check", ShowCheckAsync).RequiresAdmin();
    }

    private Task StartBackupAsync(HttpContext context)
    {
        if (options.BackupDirectory is not { } directory || store is not IBackupStore source)
            throw new RefusedException(Problem.BackupNotConfigured());
        var (run, isNew) = backup.Start(
            () => { }, async () => await source.BackUpAsync(directory, life.ApplicationStopping), LogBackup);
        if (isNew)
            LogBackupStarted(Caller.Of(context) ?? Caller.Anonymous);
        return SendAsync(context, run, StatusCodes.Status202Accepted);
    }

    private Task ShowBackupAsync(HttpContext context) => SendAsync(context, backup.Last, StatusCodes.Status200OK);

    private async Task StartCheckAsync(HttpContext context)
    {
        var (pools, stored) = (new List<DrawnPool>(), 0L);
        await foreach (var pool in store.ListAllAsync(context.RequestAborted))
        {
            if (pool.State == PoolState.Seeding)
                continue;
            pools.Add(DrawnPool.Of(pool));
            stored += pool.StoredSize;
        }

        var (run, isNew) = check.Start(() => (verified, total) = (0, stored), () => CheckAsync(pools), LogCheck);
        if (isNew)
            LogCheckStarted(Caller.Of(context) ?? Caller.Anonymous);
        await SendAsync(context, run, StatusCodes.Status202Accepted);
    }

    private Task ShowCheckAsync(HttpContext context) => SendAsync(context, check.Last, StatusCodes.Status200OK);

    private async Task<DrawnPool[]> CheckAsync(List<DrawnPool> pools)
    {
        await store.VerifyAsync(everything: true, new Progress(this), life.ApplicationStopping);
        return [.. pools];
    }

    private static Task SendAsync(HttpContext context, OperationRun<StoredBackup> run, int status) =>
        context.SendAsync(StatusOf(run), ApiJson.Default.BackupStatus, status);

    private static BackupStatus StatusOf(OperationRun<StoredBackup> run) => new(
        run.State,
        run.StartedAt?.UtcDateTime,
        run.EndedAt?.UtcDateTime,
        run.Reason,
        Path.GetFileName(run.Result?.File),
        run.Result?.Bytes,
        run.Result?.Pools.Select(DrawnPool.Of).ToArray());

    private Task SendAsync(HttpContext context, OperationRun<DrawnPool[]> run, int status) =>
        context.SendAsync(StatusOf(run), ApiJson.Default.CheckStatus, status);

    private CheckStatus StatusOf(OperationRun<DrawnPool[]> run) => new(
        run.State,
        run.StartedAt?.UtcDateTime,
        run.EndedAt?.UtcDateTime,
        run.Reason,
        Interlocked.Read(ref verified),
        Interlocked.Read(ref total),
        run.Result);

    private static string? Describe(Exception error) => error switch
    {
        BackupException or InsufficientDiskException or InsufficientMemoryException or StoreException => error.Message,
        OperationCanceledException => "The server stops.",
        _ => null,
    };

    private void LogBackup(OperationRun<StoredBackup> run)
    {
        if (run.Result is { } stored)
            LogBackedUp(stored.File, stored.Bytes, (run.EndedAt - run.StartedAt)!.Value.TotalSeconds);
        else
            LogFailure("backup", run.Error!, run.Reason!);
    }

    private void LogCheck(OperationRun<DrawnPool[]> run)
    {
        if (run.Result is not null)
            LogChecked(total, (run.EndedAt - run.StartedAt)!.Value.TotalSeconds);
        else
            LogFailure("check", run.Error!, run.Reason!);
    }

    private void LogFailure(string operation, Exception error, string reason)
    {
        LogFailed(Describe(error) is null ? error : null, operation, reason);
        if (error is StoreException failure)
            health.Report(failure);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A backup was started by {Caller}")]
    private partial void LogBackupStarted(string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "A check was started by {Caller}")]
    private partial void LogCheckStarted(string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "Backed up to {File}: {Bytes} bytes in {Seconds:0.0} s")]
    private partial void LogBackedUp(string file, long bytes, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Checked all pools: {Numbers} numbers in {Seconds:0.0} s")]
    private partial void LogChecked(long numbers, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Operation} failed: {Reason}")]
    private partial void LogFailed(Exception? error, string operation, string reason);

    /// <summary>Reports on the thread that verifies.</summary>
    private sealed class Progress(BackupEndpoints endpoints) : IProgress<long>
    {
        public void Report(long value) => Interlocked.Exchange(ref endpoints.verified, value);
    }
}

internal static class BackupRoutes
{
    public static void MapBackups(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<BackupEndpoints>(app.Services).Map(app);
}
