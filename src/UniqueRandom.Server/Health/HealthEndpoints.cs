namespace UniqueRandom.Server.Health;

/// <summary>The body of GET /health.</summary>
/// <param name="Status">Always <c>ok</c>: the process is alive and answers.</param>
internal sealed record Health(string Status);

internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app) =>
        app.MapGet("/health", () => new Health("ok"));
}
