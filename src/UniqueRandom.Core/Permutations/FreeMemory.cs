namespace UniqueRandom.Permutations;

/// <summary>Asks before a large allocation, so that too little memory is an error with a message and not the end of the process.</summary>
internal static class FreeMemory
{
    /// <summary>What the process needs beside the allocation, in bytes.</summary>
    private const long Headroom = 32L << 20;

    /// <exception cref="InsufficientMemoryException">Fewer than <paramref name="bytes"/> are free within the machine's or container's limit.</exception>
    public static void Require(long bytes, string what)
    {
        if (bytes < Headroom)
            return;

        // The runtime reads limit and load when it collects; a collection of the youngest generation is the cheapest one.
        GC.Collect(0, GCCollectionMode.Forced);
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        var free = Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        if (bytes + Headroom > free)
        {
            throw new InsufficientMemoryException(
                $"{what} takes {InMebibytes(bytes)} MiB of memory and {InMebibytes(free)} MiB are free; use a smaller range or a larger machine.");
        }
    }

    private static long InMebibytes(long bytes) => bytes >> 20;
}
