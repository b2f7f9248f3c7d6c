using System.Runtime.InteropServices;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// Syncs a directory, so that the name of a new file in it survives the loss of power. .NET has no such method.
/// </summary>
internal static partial class DirectorySync
{
    /// <exception cref="IOException">The directory can't be synced.</exception>
    public static void Sync(string path)
    {
        // Windows writes the name with the file.
        if (OperatingSystem.IsWindows())
            return;
        const int readOnly = 0;
        var descriptor = Open(path, readOnly);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            if (Sync(descriptor) != 0)
                throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path) =>
        new($"The directory '{path}' can't be synced: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
