using UniqueRandom.Server.Pages;

namespace UniqueRandom.Server.Docs;

/// <summary>The description of the routes at /openapi/v1.json, and its interactive page at /docs.</summary>
internal static class Documentation
{
    /// <summary>
    /// No frames, and no requests to other servers. The page sets inline styles, and its style sheet contains icons as data URLs.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sees only requests that no route takes, so that draws do not pay for it.</summary>
    public static void UseDocs(this WebApplication app) => app.UseWhen(
        static context => context.GetEndpoint() is null,
        static branch => branch.Use(next => PageHeaders.Add(next, ContentSecurityPolicy)).UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "UniqueRandom";
            page.SwaggerEndpoint("/openapi/v1.json", "UniqueRandom v1");
        }));

    public static void MapDocs(this WebApplication app) =>
        app.MapGet("/openapi/v1.json", () => TypedResults.Stream(OpenDescription(), "application/json"));

    /// <summary>Opens openapi.json. It is written by hand: it defines the API, and tests compare the code with it.</summary>
    public static Stream OpenDescription() => typeof(Documentation).Assembly.GetManifestResourceStream("openapi.json")!;
}
