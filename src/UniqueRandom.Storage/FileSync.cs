using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UniqueRandom.Storage;

/// <summary>
/// Syncs files and directories, and reports when this fails. On Unix, .NET ignores every error of fsync, in
/// <see cref="FileStream.Flush(bool)"/> as well as in <see cref="RandomAccess.FlushToDisk"/>, and can't sync a directory.
/// </summary>
public static partial class FileSync
{
    private const int Interrupted = 4;

    /// <summary>Syncs what was written to a file.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public static void Sync(FileStream stream)
    {
        stream.Flush(flushToDisk: OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows())
            Sync(stream.SafeFileHandle, stream.Name);
    }

    /// <summary>Syncs a directory, so that the name of a new file in it survives the loss of power.</summary>
    /// <exception cref="IOException">The directory can't be synced.</exception>
    public static void SyncDirectory(string path)
    {
        // Windows writes the name with the file.
        if (OperatingSystem.IsWindows())
            return;
        const int readOnly = 0;
        using var directory = new SafeFileHandle(Open(path, readOnly), ownsHandle: true);
        if (directory.IsInvalid)
            throw Failure(path);
        Sync(directory, path);
    }

    private static void Sync(SafeFileHandle handle, string path)
    {
        // macOS: fsync leaves the data in the drive's cache. Some file systems there have only that.
        const int fullSync = 51; // F_FULLFSYNC
        if (OperatingSystem.IsMacOS() && Control(handle, fullSync) == 0)
            return;
        while (Sync(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure(path);
        }
    }

    private static IOException Failure(string path) => new(
        $"'{path}' can't be synced: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command);
}
