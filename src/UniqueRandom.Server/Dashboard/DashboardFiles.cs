using Microsoft.Extensions.FileProviders;
using UniqueRandom.Server.Pages;

namespace UniqueRandom.Server.Dashboard;

/// <summary>The files of the dashboard, which are embedded in the program: wwwroot, at /dashboard.</summary>
internal static class DashboardFiles
{
    private const string Path = "/dashboard";

    /// <summary>
    /// Only files of this server, no frames, and no text that becomes markup or script. One address may become a script: that of
    /// the worker that the tabs of a browser share.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker";

    private static readonly EmbeddedFileProvider Files =
        new(typeof(DashboardFiles).Assembly, $"{nameof(UniqueRandom)}.{nameof(Server)}.wwwroot");

    /// <summary>Sees only requests that no route takes, so that draws do not pay for it.</summary>
    public static void UseDashboard(this WebApplication app) => app.UseWhen(
        static context => context.GetEndpoint() is null && context.Request.Path.StartsWithSegments(Path),
        static branch => branch
            .Use(next => PageHeaders.Add(next, ContentSecurityPolicy))
            .UseResponseCompression()
            .UseStaticFiles(new StaticFileOptions
            {
                FileProvider = Files,
                RequestPath = Path,
                // The browser asks each time whether its copy is still the same.
                OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
            }));

    public static async Task SendPageAsync(HttpContext context)
    {
        var page = Files.GetFileInfo("index.html");
        context.Response.AddPageHeaders(ContentSecurityPolicy);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Length;
        await context.Response.SendFileAsync(page, context.RequestAborted);
    }
}
