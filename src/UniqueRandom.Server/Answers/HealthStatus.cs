namespace UniqueRandom.Server.Answers;

/// <summary>The body of GET /health and GET /health/ready.</summary>
/// <param name="Status"><c>ok</c>: the process is alive. <c>ready</c>: a draw could be recorded now.</param>
internal sealed record HealthStatus(string Status);
