namespace UniqueRandom.Server.Answers;

/// <summary>The body of GET /whoami.</summary>
/// <param name="Name">The name of the access key; null if the server has no keys.</param>
/// <param name="Roles">What the caller may do.</param>
internal sealed record CallerStatus(string? Name, IReadOnlyCollection<string> Roles);
