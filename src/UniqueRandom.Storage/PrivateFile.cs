namespace UniqueRandom.Storage;

/// <summary>Creates files that only their owner can read, because they have seeds or say how many numbers are drawn.</summary>
internal static class PrivateFile
{
    /// <summary>Creates a file, and opens it without a buffer.</summary>
    /// <exception cref="IOException">The file exists, or can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can't be written.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
