using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Sqlite;

public sealed partial class SqlitePoolStore
{
    /// <summary>How many chunks a sample reads in one slice, which takes about 100 microseconds.</summary>
    private const int ChunksAtOnce = 8;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(
        string name, long position, int limit, CancellationToken cancellationToken) =>
        new(Use<IReadOnlyList<DrawLogRow>>(open =>
            open.Pools.TryGetValue(name, out var pool) && position < pool.Drawn ? open.Log.Read(pool, position, limit) : []));

    /// <inheritdoc/>
    public ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Use(open =>
        {
            var pool = open.Pools[name];
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position + numbers.Length, pool.Drawn, nameof(position));
            pool.Behind.CopyNumbers(position, numbers.Span, open.Chunks);
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask SampleAsync(
        string name, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        using var sampled = Use(open => NumberSource.Of(open.Pools[name].Segments));
        for (var (start, slice) = (0, 0); start < positions.Length; start += slice)
        {
            slice = Math.Min(ChunksAtOnce, positions.Length - start);
            var (wanted, found) = (positions.Slice(start, slice), numbers.Slice(start, slice));
            Use(open => open.Sample(open.Pools[name], wanted.Span, found.Span, sampled));
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken)
    {
        // A failed import may have removed the pool since its caller has found it.
        if (Use(open => open.Pools.GetValueOrDefault(name)) is not { } pool || !pool.Definition.Range.Contains(number))
            return null;

        for (var (part, position) = (0, (long?)null); ; part++)
        {
            if (!Use(open => open.Search(pool, number, part, out position)))
                return position;
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
