using Microsoft.Net.Http.Headers;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Dashboard;

/// <summary>The route / : the dashboard for browsers, and a few lines of text for others.</summary>
internal sealed class HomeEndpoints(AccessOptions access)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", SendAsync);

    private Task SendAsync(HttpContext context)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return AcceptsHtml(context.Request) ? DashboardFiles.SendPageAsync(context) : SendTextAsync(context);
    }

    /// <summary>Whether the client names HTML. curl accepts everything and names nothing.</summary>
    private static bool AcceptsHtml(HttpRequest request) => request.GetTypedHeaders().Accept.Any(
        type => type.Quality != 0 && type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private async Task SendTextAsync(HttpContext context)
    {
        var server = $"{context.Request.Scheme}://{context.Request.Host}";
        var curl = access.Keys.Count == 0 ? "curl" : "curl -H \"Authorization: Bearer $key\"";
        const string json = "-H 'Content-Type: application/json'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(
            $$"""
            UniqueRandom hands out every number of a range exactly once, in an order that nobody can guess.
            Draw a number:     {{curl}} {{server}}/random
            Create a pool:     {{curl}} -X PUT {{server}}/pools/raffle {{json}} -d '{"minimum":1,"maximum":5000}'
            See what is left:  {{curl}} {{server}}/pools
            A browser shows the dashboard at {{server}}/ and all routes at {{server}}/docs

            """.ReplaceLineEndings("\n"),
            context.RequestAborted);
    }
}

internal static class HomeRoutes
{
    public static void MapHome(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<HomeEndpoints>(app.Services).Map(app);
}
