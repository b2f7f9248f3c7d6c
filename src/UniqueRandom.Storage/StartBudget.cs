namespace UniqueRandom.Storage;

/// <summary>
/// How much is verified before the first draw: about a quarter of a second of work. The rest is verified beside draws, so that a
/// start does not get slower with the log.
/// </summary>
internal sealed class StartBudget
{
    private int chunks = 4096;
    private int rows = 200_000;

    /// <summary>Takes up to this many chunks.</summary>
    public int TakeChunks(int wanted) => Take(ref chunks, wanted);

    /// <summary>Takes up to this many rows of draw logs.</summary>
    public int TakeRows(int wanted) => Take(ref rows, wanted);

    private static int Take(ref int left, int wanted)
    {
        var taken = Math.Min(left, wanted);
        left -= taken;
        return taken;
    }
}
