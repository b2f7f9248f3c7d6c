namespace UniqueRandom.Server.Pages;

/// <summary>Adds security headers to pages and their files.</summary>
internal static class PageHeaders
{
    public static RequestDelegate Add(RequestDelegate next, string contentSecurityPolicy) => context =>
    {
        context.Response.AddPageHeaders(contentSecurityPolicy);
        return next(context);
    };

    public static void AddPageHeaders(this HttpResponse response, string contentSecurityPolicy)
    {
        response.Headers.ContentSecurityPolicy = contentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
