using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>One operation on a store and on its model. It has an effect, or none, whatever came before.</summary>
internal abstract record Operation
{
    /// <summary>The disk has no room for a draw with this reference, and for the row of a pool with this name.</summary>
    public const string Full = "full";

    /// <summary>The disk has no room to close the pool of this name.</summary>
    public const string Unclosable = "unclosable";

    /// <summary>How a retry differs from the draw that used the key.</summary>
    internal enum Difference
    {
        None,
        Pool,
        Count,
        Reference,
        Caller,
    }

    /// <summary>Records a pool unless there is one of this name, and seeds it unless that is to be left to a later one.</summary>
    internal sealed record Create(string Pool, long Minimum, int Size, bool IsSeeded) : Operation;

    /// <summary>Imports each number of a range whose offset is a multiple of a step, as <see cref="Create"/> does.</summary>
    internal sealed record Import(string Pool, long Minimum, int Size, int Step, bool IsSeeded) : Operation;

    /// <summary>Extends a pool, and seeds what is missing of it unless that is to be left to a later one.</summary>
    internal sealed record Extend(string Pool, int Size, bool IsSeeded) : Operation;

    /// <summary>Draws a batch.</summary>
    internal sealed record Draw(params DrawRequest[] Requests) : Operation
    {
        public override string ToString() => $"Draw {{ {string.Join(", ", Requests)} }}";
    }

    /// <summary>Repeats one of the draws that used a key.</summary>
    internal sealed record Retry(int Which, Difference Change) : Operation;

    internal sealed record Close(string Pool) : Operation;

    internal sealed record Wait(int Milliseconds) : Operation;

    internal sealed record Restart(bool IsKilled) : Operation;

    /// <summary>Copies the database while the store is open.</summary>
    internal sealed record KeepCopy : Operation;

    /// <summary>Puts the copy back beside the mark that goes on.</summary>
    internal sealed record Restore(bool IsKilled) : Operation;

    internal sealed record Verify : Operation;
}
