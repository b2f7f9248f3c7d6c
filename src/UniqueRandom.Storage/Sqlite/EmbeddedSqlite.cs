using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Loads SQLite from the program, if it was published as one file: from memory, because the disk may be read-only. Linux only.
/// </summary>
internal static partial class EmbeddedSqlite
{
    private const string Library = "e_sqlite3";
    private const string Resource = "libe_sqlite3.so";

    /// <summary>MFD_CLOEXEC: a process that the server starts does not get the file.</summary>
    private const uint CloseOnExec = 1;

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>
    /// Makes SQLite load from the program. Does nothing if SQLite is a file beside it. Call it before anything else of SQLite.
    /// </summary>
    /// <exception cref="StoreRefusedException">The system does not allow it.</exception>
    public static void Use() => _ = Loaded.Value;

    private static nint Load()
    {
        using var library = Assembly.GetEntryAssembly()?.GetManifestResourceStream(Resource);
        if (library is null)
            return 0;
        var handle = LoadFromMemory(library);
        foreach (var caller in (Assembly[])[typeof(SQLite3Provider_e_sqlite3).Assembly, typeof(EmbeddedSqlite).Assembly])
            NativeLibrary.SetDllImportResolver(caller, (name, _, _) => name == Library ? handle : 0);
        return handle;
    }

    private static nint LoadFromMemory(Stream library)
    {
        try
        {
            var descriptor = CreateMemoryFile(Resource, CloseOnExec);
            if (descriptor < 0)
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            // The library stays mapped when the file is closed.
            using var memory = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
            library.CopyTo(memory);
            return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new StoreRefusedException(
                $"SQLite can't be loaded from memory ({error.Message.TrimEnd('.')}); allow memfd_create, /proc, and code in "
                + "memory files (vm.memfd_noexec).",
                error);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
