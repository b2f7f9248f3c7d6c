using System.Collections.Concurrent;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage;

/// <summary>
/// Limits a store to seeding one large and one small pool, to one import, and to one other long operation, at a time, in order of
/// arrival. Thread-safe.
/// </summary>
/// <remarks>
/// Two large shuffles at once would need twice the memory and leave no processor for draws. A small pool does not wait for a
/// large one, because its creator waits for it.
/// </remarks>
internal sealed class SeedingTurns : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, bool> names = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim large = new(1);
    private readonly SemaphoreSlim small = new(1);
    private readonly SemaphoreSlim import = new(1);
    private readonly SemaphoreSlim alone = new(1);

    /// <summary>Gets the token that is canceled when the store ends.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Waits for the turn of a pool and seeds it.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="seedAsync">Seeds the pool, unless its token is canceled.</param>
    /// <param name="cancellationToken">Cancels waiting and seeding.</param>
    /// <returns>
    /// The result of <paramref name="seedAsync"/>; the default value if the pool is waiting or being seeded already.
    /// </returns>
    /// <exception cref="OperationCanceledException">The operation was canceled, or the store ends.</exception>
    public async Task<T?> RunAsync<T>(
        PoolDefinition pool, Func<CancellationToken, Task<T?>> seedAsync, CancellationToken cancellationToken)
    {
        if (!names.TryAdd(pool.Name, true))
            return default;
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
            using var turn = await EnterAsync(pool.Range.Size > Pacing.LargestSmallPool ? large : small, stop.Token);
            return await seedAsync(stop.Token);
        }
        finally
        {
            names.TryRemove(pool.Name, out _);
        }
    }

    /// <summary>Runs an import, one at a time, until the store ends.</summary>
    /// <param name="importAsync">The import, which ends when its token is canceled.</param>
    /// <param name="cancellationToken">Cancels waiting and the import.</param>
    /// <exception cref="OperationCanceledException">The import was canceled, or the store ends.</exception>
    public async Task<T> RunImportAsync<T>(Func<CancellationToken, Task<T>> importAsync, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        using var turn = await EnterAsync(import, stop.Token);
        return await importAsync(stop.Token);
    }

    /// <summary>Runs another operation on the store, one at a time, until the store ends.</summary>
    /// <param name="shuffles">Whether it computes orders, and so excludes the seeding of a large pool.</param>
    /// <param name="work">The operation, which ends when its token is canceled.</param>
    /// <param name="cancellationToken">Cancels waiting and the work.</param>
    /// <exception cref="OperationCanceledException">The operation was canceled, or the store ends.</exception>
    public async Task RunAloneAsync(
        bool shuffles, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        using var turn = await EnterAsync(alone, stop.Token);
        using var shuffle = shuffles ? await EnterAsync(large, stop.Token) : default;
        await work(stop.Token);
    }

    private static async Task<Turn> EnterAsync(SemaphoreSlim lane, CancellationToken cancellationToken)
    {
        await lane.WaitAsync(cancellationToken);
        return new Turn(lane);
    }

    /// <summary>Cancels all work without waiting for its end.</summary>
    public Task StopAsync() => stopping.CancelAsync();

    /// <summary>Cancels all work and waits for its end. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var lane in (SemaphoreSlim[])[large, small, import, alone])
        {
            await lane.WaitAsync();
            lane.Release();
        }
    }

    private readonly struct Turn(SemaphoreSlim? lane) : IDisposable
    {
        public void Dispose() => lane?.Release();
    }
}
