using UniqueRandom.Pools;

namespace UniqueRandom.Storage;

/// <summary>A pool that was checked, and is whole.</summary>
/// <param name="Definition">Its name and its range.</param>
/// <param name="State">Its state. A pool in the state seeding is not checked.</param>
/// <param name="Drawn">How many of its numbers are drawn.</param>
public sealed record CheckedPool(PoolDefinition Definition, PoolState State, long Drawn);

/// <summary>How far a check is.</summary>
/// <param name="Checked">How many numbers are checked.</param>
/// <param name="Total">How many numbers all pools have.</param>
public readonly record struct CheckProgress(long Checked, long Total);

/// <summary>Reports on the thread that checks.</summary>
internal sealed class CheckCounter(IProgress<CheckProgress>? progress, long total) : IProgress<long>
{
    public void Report(long value) => progress?.Report(new CheckProgress(value, total));
}
