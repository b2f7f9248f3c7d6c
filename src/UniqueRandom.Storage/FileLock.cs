using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Excludes a second process from a database, with a clear error: a file beside the database, opened exclusively. SQLite's own
/// lock excludes a process that opens the database by another path.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlock = 11;

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <exception cref="StoreRefusedException">Another process holds the lock, or the directory is not writable.</exception>
    public static FileLock Take(string databasePath)
    {
        var directory = Path.GetDirectoryName(databasePath)!;
        if (!Directory.Exists(directory))
            throw new StoreRefusedException($"The directory '{directory}' does not exist; create it, or name another database.");
        if (Directory.Exists(databasePath))
            throw new StoreRefusedException($"'{databasePath}' is a directory; name a file for the database.");

        try
        {
            // The file is removed while it is still locked, and a process that opened it just before opens it again. A failed
            // removal is ignored: a remaining file locks nothing.
            return new FileLock(new FileStream(databasePath + ".lock", new FileStreamOptions
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
                $"The database '{databasePath}' is in use by another process; stop that one, or name another database.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(
                $"The directory '{directory}' can't be written ({error.Message.TrimEnd('.')}); "
                + "make it writable, or name another database.",
                error);
        }
    }

    public void Dispose() => stream.Dispose();
}
