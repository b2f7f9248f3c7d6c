using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>
/// Excludes a second process from a file, with a clear error: another file beside it, opened exclusively. It does not exclude a
/// process that opens the file by another path.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlock = 11;

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock until the process ends, or the lock is disposed.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <param name="what">What the file is, for messages, such as database or mark.</param>
    /// <exception cref="StoreRefusedException">Another process holds the lock, or the directory is not writable.</exception>
    public static FileLock Take(string path, string what)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            throw new StoreRefusedException($"The directory '{directory}' does not exist; create it, or name another {what}.");
        if (Directory.Exists(path))
            throw new StoreRefusedException($"'{path}' is a directory; name a file for the {what}.");

        try
        {
            // The file is removed while it is still locked, and a process that opened it just before opens it again. A failed
            // removal is ignored: a remaining file locks nothing.
            return new FileLock(new FileStream(path + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
            }));
        }
        catch (IOException error) when (error.HResult is SharingViolation or WouldBlock)
        {
            throw new StoreRefusedException(
                $"The {what} '{path}' is in use by another process; stop that one, or name another {what}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(
                $"The directory '{directory}' can't be written ({error.Message.TrimEnd('.')}); "
                + $"make it writable, or name another {what}.",
                error);
        }
    }

    public void Dispose() => stream.Dispose();
}
