namespace UniqueRandom.Testing.Audit;

/// <summary>Files for an audit, and the sentence that the script and the page give.</summary>
/// <param name="Status">The content of status.json.</param>
/// <param name="Log">The content of the log.</param>
/// <param name="Sentence">The sentence.</param>
/// <param name="Commitment">The commitment that was published before the first draw; null if it is left out.</param>
internal sealed record AuditCase(string Status, string Log, string Sentence, string? Commitment = null)
{
    public const string StatusFile = "status.json";
}
