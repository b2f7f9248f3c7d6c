using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Why a server would hand out numbers again: it lacks what was acknowledged, or it is an end of a transfer.
/// </summary>
/// <param name="Reason">A sentence without its subject, which is the server.</param>
/// <param name="Unrecorded">The pools whose loss only this node knows, and not yet the server.</param>
internal sealed record PostgresLoss(string Reason, IReadOnlyList<LostPool> Unrecorded)
{
    /// <summary>How many pools a message names.</summary>
    private const int MaximumNamed = 3;

    /// <summary>The server has another database than the one that the node has drawn from.</summary>
    public static PostgresLoss OfMark { get; } = new(
        "holds another database than the mark of this node; correct the connection string, or name the mark of this one with "
        + "--mark.",
        []);

    /// <summary>The server has moved its pools, or a transfer to it was not finished.</summary>
    public static PostgresLoss OfTransfer(TransferState transfer) => new(transfer.Reason, []);

    /// <summary>The server lacks commits.</summary>
    /// <param name="losses">What it lacks, each a part of a sentence.</param>
    /// <param name="unrecorded">The pools whose loss the server does not know.</param>
    public static PostgresLoss OfCommits(IReadOnlyList<string> losses, IReadOnlyList<LostPool> unrecorded)
    {
        string[] named = losses.Count > MaximumNamed
            ? [.. losses.Take(MaximumNamed), $"{losses.Count - MaximumNamed} more pools lack some"]
            : [.. losses];
        return new PostgresLoss(
            $"lacks what was acknowledged: {string.Join(", ", named)}. It was promoted, or restored, without these commits. "
            + "Put the server back that has them, or start one node once with --resume-after-restore, which gives up the numbers "
            + "that may have been handed out.",
            unrecorded);
    }

    /// <summary>Describes the loss and what the operator can do about it.</summary>
    public string Describe(string server) => $"{server} {Reason}";
}

/// <param name="Key">The pool.</param>
/// <param name="Cursor">The acknowledged cursor.</param>
/// <param name="Ceiling">The cursor below which numbers may have been handed out.</param>
internal sealed record LostPool(MarkKey Key, long Cursor, long Ceiling);
