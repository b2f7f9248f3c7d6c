using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace UniqueRandom.Server.Access;

/// <summary>Says in the description of the routes which of them need a key, so that the interactive page can ask for it.</summary>
internal static class AccessDocumentation
{
    public static IServiceCollection DescribeAccess(this IServiceCollection services) =>
        services.Configure<OpenApiOptions>("v1", static openApi =>
        {
            openApi.AddDocumentTransformer(static (document, _, _) =>
            {
                document.AddComponent(BearerKeys.Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
                return Task.CompletedTask;
            });
            openApi.AddOperationTransformer(static (operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerKeys.Scheme, context.Document)] = [] }];
                return Task.CompletedTask;
            });
        });
}
