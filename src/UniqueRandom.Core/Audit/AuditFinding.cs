namespace UniqueRandom.Audit;

/// <summary>The result of an audit.</summary>
/// <param name="Holds">Whether the log agrees with the permutation.</param>
/// <param name="Sentence">One line of text: what was verified, or the first deviation and its place.</param>
public sealed record AuditFinding(bool Holds, string Sentence);
