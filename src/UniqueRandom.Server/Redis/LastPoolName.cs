using System.Text;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Redis;

/// <summary>Remembers the pool of the last command, so that a draw creates no string. Not thread-safe.</summary>
internal sealed class LastPoolName
{
    private string name = "";

    /// <summary>Finds the name of a pool, which need not exist; null if it is not valid.</summary>
    public string? Find(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.Equals(bytes, name) && name.Length > 0)
            return name;
        if (bytes.Length > PoolName.MaximumLength)
            return null;
        var text = Encoding.Latin1.GetString(bytes);
        return PoolName.IsValid(text) ? name = text : null;
    }
}
