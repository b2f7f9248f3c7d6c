using System.Buffers.Binary;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>The write-ahead log of a running server's database. See https://sqlite.org/fileformat2.html#walformat.</summary>
internal static class WriteAheadLog
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;
    private const int SaltAt = 16;

    /// <summary>Counts the transactions in the log, and returns the salt that changes when SQLite starts it again.</summary>
    public static (int Transactions, ulong Salt) Read(string database)
    {
        using var file = File.Open(
            $"{database}-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var header = new byte[HeaderLength];
        file.ReadExactly(header);
        var pageSize = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
        var salt = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(SaltAt));
        var transactions = 0;
        var frame = new byte[FrameHeaderLength + pageSize];
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            // Frames with another salt are left from before the log was started again.
            if (BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)) != salt)
                break;
            // The last frame of a transaction has the size of the database.
            if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) != 0)
                transactions++;
        }

        return (transactions, salt);
    }
}
