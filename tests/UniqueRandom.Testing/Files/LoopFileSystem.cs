using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Files;

/// <summary>
/// A file system in an image, of which only that is in the image what was synced. A copy of the image is what a power cut leaves.
/// </summary>
internal sealed class LoopFileSystem : IAsyncDisposable
{
    private const long Length = 96 << 20;

    private readonly TemporaryDirectory directory = new();
    private bool isMounted;

    private LoopFileSystem()
    {
    }

    public string Database => Path.Combine(Mounted, "numbers.db");

    private string Image => directory.File("image");

    private string Mounted => directory.File("mounted");

    /// <summary>Creates and mounts a file system. Skips the test unless it runs as root on Linux with a loop device.</summary>
    public static async Task<LoopFileSystem> MountAsync()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Run as root on Linux to mount an image.");
        var created = new LoopFileSystem();
        try
        {
            Directory.CreateDirectory(created.Mounted);
            await using (var image = File.Create(created.Image))
                image.SetLength(Length);
            await Command.RunAsync("mkfs.ext4", "-q", "-F", created.Image);
            await created.RemountAsync();
            return created;
        }
        catch (Exception error)
        {
            await created.DisposeAsync();
            Assert.Skip($"An image can't be mounted here (apt-get install e2fsprogs): {error.Message}");
            throw;
        }
    }

    /// <summary>Cuts the power of a process and of the file system, and mounts again what is on it.</summary>
    public async Task CutPowerAsync(ServerProcess server)
    {
        await server.FreezeAsync();
        await server.FrozenAsync();
        var left = directory.File("left");
        await Command.RunAsync("cp", "--sparse=always", Image, left);
        await server.KillAsync();
        await UnmountAsync();
        File.Move(left, Image, overwrite: true);
        await RemountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        directory.Dispose();
    }

    /// <summary>Mounts the image. The journal is not committed on its own during a test.</summary>
    private async Task RemountAsync()
    {
        await Command.RunAsync("mount", "-o", "loop,commit=600", Image, Mounted);
        isMounted = true;
    }

    private async Task UnmountAsync()
    {
        if (isMounted)
            await Command.RunAsync("umount", Mounted);
        isMounted = false;
    }
}
