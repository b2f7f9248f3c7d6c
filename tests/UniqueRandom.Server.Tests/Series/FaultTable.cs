using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Collects what the faults have done. After the full length it writes a table beside the tests.</summary>
public sealed class FaultTable : IDisposable
{
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "TestResults", "faults.md");

    private readonly Lock gate = new();
    private readonly List<FaultResult> results = [];

    public void Dispose()
    {
        if (!TestRounds.AreAll || results.Count == 0)
            return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllLines(Path, [FaultResult.Head, .. results.Select(result => result.Row)]);
    }

    internal void Add(FaultResult result)
    {
        lock (gate)
            results.Add(result);
    }
}
