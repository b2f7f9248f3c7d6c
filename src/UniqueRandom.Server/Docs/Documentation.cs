namespace UniqueRandom.Server.Docs;

/// <summary>The description of the routes at /openapi/v1.json, and its interactive page at /docs.</summary>
internal static class Documentation
{
    public static IServiceCollection AddDocs(this IServiceCollection services) =>
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "UniqueRandom";
            document.Info.Version = "1";
            document.Info.Description = "Hands out every number of a range exactly once, in an order nobody can guess.";
            return Task.CompletedTask;
        }));

    /// <summary>Looks only at requests that no route has taken, so that draws do not pay for it.</summary>
    public static void UseDocs(this WebApplication app) =>
        app.UseWhen(static context => context.GetEndpoint() is null, static branch => branch.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "UniqueRandom";
            page.SwaggerEndpoint("/openapi/v1.json", "UniqueRandom v1");
        }));

    public static void MapDocs(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapGet("/", () => TypedResults.Redirect("/docs")).ExcludeFromDescription();
    }
}
