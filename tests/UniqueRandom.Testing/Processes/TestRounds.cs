namespace UniqueRandom.Testing.Processes;

/// <summary>How often a test of random moments repeats: a few rounds each time, and all with UNIQUERANDOM_ROUNDS=all.</summary>
internal static class TestRounds
{
    public static readonly bool AreAll = Environment.GetEnvironmentVariable("UNIQUERANDOM_ROUNDS") == "all";

    public static int Count(int few, int all) => AreAll ? all : few;
}
