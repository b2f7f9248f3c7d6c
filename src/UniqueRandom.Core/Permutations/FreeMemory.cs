namespace UniqueRandom.Permutations;

/// <summary>
/// Checks the free memory before a large allocation, so that a lack of memory is an error instead of the end of the process.
/// </summary>
internal static class FreeMemory
{
    /// <summary>Bytes that the process needs in addition.</summary>
    private const long Headroom = 32L << 20;

    /// <summary>Throws if an allocation does not fit. One that is smaller than the headroom is not checked.</summary>
    /// <param name="bytes">The size of the allocation.</param>
    /// <param name="what">What needs the memory: the subject of the message.</param>
    /// <param name="reclaimable">Bytes in use now that are freed before the allocation.</param>
    /// <exception cref="InsufficientMemoryException">
    /// Fewer than <paramref name="bytes"/> are free within the machine's or container's limit.
    /// </exception>
    public static void Require(long bytes, string what, long reclaimable = 0)
    {
        if (bytes < Headroom)
            return;

        // The runtime updates limit and load when it collects; generation 0 is the cheapest.
        GC.Collect(0, GCCollectionMode.Forced);
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        var free = Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes + reclaimable);
        if (bytes + Headroom > free)
        {
            throw new InsufficientMemoryException(
                $"{what} takes {InMebibytes(bytes)} MiB of memory and {InMebibytes(free)} MiB are free; "
                + "use a smaller range or a larger machine.");
        }
    }

    private static long InMebibytes(long bytes) => bytes >> 20;
}
