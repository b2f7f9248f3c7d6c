using System.Collections.Concurrent;
using UniqueRandom.Codes;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Codes;

/// <summary>
/// The formats of the pools whose codes were looked up, so that a mistyped code never reaches the store. A pool keeps its format.
/// Thread-safe.
/// </summary>
internal sealed class CodeFormats(IPoolStore store)
{
    /// <summary>The formats of more pools are read each time.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, CodeFormat> known = new(StringComparer.Ordinal);

    /// <summary>Gets the format of a pool's codes; null if it has none.</summary>
    /// <exception cref="RefusedException">There is no pool of this name.</exception>
    /// <exception cref="StoreException">The pool could not be read.</exception>
    public ValueTask<CodeFormat?> GetAsync(string pool, CancellationToken cancellationToken) =>
        known.TryGetValue(pool, out var format) ? new(format) : ReadAsync(pool, cancellationToken);

    private async ValueTask<CodeFormat?> ReadAsync(string pool, CancellationToken cancellationToken)
    {
        var format = (await store.GetAsync(pool, cancellationToken)).Definition.Code;
        if (format is not null && known.Count < Most)
            known.TryAdd(pool, format);
        return format;
    }
}
