using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>A store that is stopped, killed and restored during a test.</summary>
internal abstract class ModelledStore : IAsyncDisposable
{
    private IPoolStore? store;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Gets the open store.</summary>
    public IPoolStore Store => store ?? throw new InvalidOperationException("The store is stopped.");

    /// <summary>Gets the directory of the files that a process leaves behind.</summary>
    protected TemporaryDirectory Directory { get; private set; } = new();

    /// <summary>Starts the store.</summary>
    /// <exception cref="StoreRefusedException">It can't be served; it is stopped as before.</exception>
    public async Task StartAsync(ResumeAfterRestore? resume = null)
    {
        var started = Create(resume);
        try
        {
            await started.OpenAsync(null, CancellationToken.None);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        store = started;
    }

    /// <summary>
    /// Stops the store. If it is killed, it goes on from files that were copied before it could end, as a crash leaves them.
    /// </summary>
    public async Task StopAsync(bool isKilled)
    {
        var left = new TemporaryDirectory();
        if (isKilled)
            CopyFiles(Directory, left);
        await Store.DisposeAsync();
        store = null;
        if (!isKilled)
            CopyFiles(Directory, left);
        Directory.Dispose();
        Directory = left;
    }

    /// <summary>Copies the database of the open store.</summary>
    public abstract Task KeepCopyAsync();

    /// <summary>Puts the copy in the place of the database. The store is stopped.</summary>
    public abstract Task PutCopyBackAsync();

    /// <summary>Reads how far numbers of a pool may have been handed out. The store is stopped.</summary>
    public long CeilingOf(PoolModel pool)
    {
        using var file = MarkFile.Open(Directory.Mark);
        var key = new MarkKey(pool.Commitment, pool.Created.Name);
        return file?.Find(key) is { } slot ? file.Read(slot).Ceiling : 0;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        Directory.Dispose();
    }

    protected abstract IPoolStore Create(ResumeAfterRestore? resume);

    /// <summary>
    /// Copies files of the store. That drops the locks of SQLite in this process, which no other process asks for.
    /// </summary>
    protected static void CopyFiles(TemporaryDirectory from, TemporaryDirectory to, string pattern = "*")
    {
        foreach (var path in System.IO.Directory.EnumerateFiles(from.Path, pattern))
        {
            if (!path.EndsWith(".lock", StringComparison.Ordinal))
                File.Copy(path, to.File(Path.GetFileName(path)));
        }
    }
}
