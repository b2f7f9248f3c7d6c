using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Files;

/// <summary>A file system of a given size in memory, mounted for one test.</summary>
internal sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();

    private SmallFileSystem()
    {
    }

    public string Database => directory.Database;

    private string Filler => directory.File("filler");

    /// <summary>Mounts a file system. Skips the test unless it runs as root on Linux.</summary>
    public static async Task<SmallFileSystem> MountAsync(int mebibytes)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Run as root on Linux to mount a small file system.");
        var mounted = new SmallFileSystem();
        try
        {
            await Command.RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", mounted.directory.Path);
        }
        catch (InvalidOperationException error)
        {
            mounted.directory.Dispose();
            Assert.Skip($"A small file system can't be mounted here: {error.Message}");
        }

        return mounted;
    }

    /// <summary>Fills the file system with a file.</summary>
    public void Fill()
    {
        using var filler = File.OpenHandle(Filler, FileMode.OpenOrCreate, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var at = RandomAccess.GetLength(filler); ; at += block.Length)
                RandomAccess.Write(filler, block, at);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Removes the file that fills the file system.</summary>
    public void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("umount", directory.Path);
        directory.Dispose();
    }
}
