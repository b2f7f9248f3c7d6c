using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Loads SQLite from the program, if it was published as one file: from memory, because the disk may be read-only. Linux only.
/// </summary>
internal static partial class EmbeddedSqlite
{
    private const string Library = "e_sqlite3";
    private const string Resource = "libe_sqlite3.so";

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>Makes SQLite load from the program. Does nothing if SQLite is a file beside it. Call it once, first.</summary>
    public static void Use()
    {
        foreach (var caller in (Assembly[])[typeof(SQLite3Provider_e_sqlite3).Assembly, typeof(EmbeddedSqlite).Assembly])
            NativeLibrary.SetDllImportResolver(caller, (name, _, _) => name == Library ? Loaded.Value : 0);
    }

    /// <returns>The handle of the library; 0 to search for it as usual.</returns>
    private static nint Load()
    {
        using var library = Assembly.GetEntryAssembly()?.GetManifestResourceStream(Resource);
        if (library is null)
            return 0;
        var descriptor = CreateMemoryFile(Resource, 0);
        if (descriptor < 0)
            throw new IOException($"SQLite can't be loaded: {Marshal.GetLastPInvokeErrorMessage()}.");
        // The library stays mapped when the file is closed.
        using var memory = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        library.CopyTo(memory);
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
