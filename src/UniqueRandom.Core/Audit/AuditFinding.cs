namespace UniqueRandom.Audit;

/// <summary>What an audit has found.</summary>
/// <param name="Holds">Whether everything it looked at is as it must be.</param>
/// <param name="Sentence">One line for people: what holds, or the first deviation and where it is.</param>
public sealed record AuditFinding(bool Holds, string Sentence);
