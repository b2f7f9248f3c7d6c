using UniqueRandom.Server.Pages;

namespace UniqueRandom.Server.Verification;

internal static class VerificationEndpoints
{
    public static void MapVerification(this WebApplication app)
    {
        var page = VerificationPage.Compose();
        app.MapGet("/verify", (HttpResponse response) =>
        {
            response.AddPageHeaders(page.Policy);
            response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(page.Body, "text/html; charset=utf-8", entityTag: page.Tag);
        });
    }
}
