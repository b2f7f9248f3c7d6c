namespace UniqueRandom.Benchmarks.Disk;

internal static class Share
{
    /// <summary>How many numbers a percentage of a pool is.</summary>
    public static int Of(int size, double percent) => (int)Math.Round(size * percent / 100);
}
