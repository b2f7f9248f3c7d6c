using System.Collections.Concurrent;
using UniqueRandom.Codes;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Codes;

/// <summary>
/// The formats of the pools whose codes were looked up, so that a mistyped code does not wait for the store. Thread-safe.
/// </summary>
internal sealed partial class CodeFormats(IPoolStore store, TimeProvider time, ILogger<CodeFormats> logger)
{
    /// <summary>The largest number of cached formats. The formats of other pools are read for each look-up.</summary>
    private const int Most = 10_000;

    /// <summary>A pool keeps its format, but a failover can lose the pool, and another one can get its name.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>Gets the format of a pool's codes: the known one, which is read again beside the request if it is old.</summary>
    /// <returns>The format; null if the pool has no codes.</returns>
    /// <exception cref="RefusedException">There is no pool of this name.</exception>
    /// <exception cref="StoreException">The pool could not be read.</exception>
    public ValueTask<CodeFormat?> GetAsync(string pool, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(pool, out var found))
            return ReadAsync(pool, cancellationToken);
        if (time.GetElapsedTime(found.ReadAt) > Age && known.TryUpdate(pool, found with { ReadAt = time.GetTimestamp() }, found))
            _ = RefreshAsync(pool);
        return new(found.Format);
    }

    /// <summary>Reads the format of a pool's codes.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async ValueTask<CodeFormat?> ReadAsync(string pool, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(pool, cancellationToken);
        var format = found?.Definition.Code;
        if (format is null)
            known.TryRemove(pool, out _);
        else if (known.Count < Most || known.ContainsKey(pool))
            known[pool] = new Known(format, time.GetTimestamp());
        return found is null ? throw new RefusedException(Problem.PoolNotFound(pool)) : format;
    }

    private async Task RefreshAsync(string pool)
    {
        try
        {
            await ReadAsync(pool, CancellationToken.None);
        }
        catch (Exception error) when (error is StoreException or RefusedException)
        {
            LogFailed(pool, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The codes of pool {Pool} could not be read again: {Reason}")]
    private partial void LogFailed(string pool, string reason);

    private sealed record Known(CodeFormat Format, long ReadAt);
}
