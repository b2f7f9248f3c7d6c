using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>A store that can write a copy of itself while draws go on. Thread-safe.</summary>
public interface IBackupStore
{
    /// <summary>
    /// Writes a consistent copy of everything that is stored into a new file, which only its owner can read, and verifies it. One
    /// at a time.
    /// </summary>
    /// <param name="directory">A directory that exists.</param>
    /// <param name="cancellationToken">Cancels the operation, and removes what was written.</param>
    /// <exception cref="BackupException">The copy could not be written. Draws go on.</exception>
    /// <exception cref="InsufficientDiskException">The disk does not have room for the copy. Nothing was written.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    ValueTask<StoredBackup> BackUpAsync(string directory, CancellationToken cancellationToken);
}

/// <summary>A backup that is stored and verified.</summary>
/// <param name="File">Its path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="Pools">The pools, in the state that it has.</param>
public sealed record StoredBackup(string File, long Bytes, DateTimeOffset CreatedAt, IReadOnlyList<Pool> Pools);

/// <summary>A backup could not be written. Nothing of it is left, and draws go on.</summary>
/// <param name="message">One sentence that says what failed and what to do.</param>
/// <param name="cause">The underlying error, if any.</param>
public sealed class BackupException(string message, Exception? cause = null) : Exception(message, cause);
