
namespace UniqueRandom.Server.Access;

/// <summary>The door. Without keys in the settings it is not built, so that nobody pays for passing it.</summary>
internal static class AccessPipeline
{
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        if (options.Keys.Count == 0)
            return services;

        // The core only: the whole of it would bring data protection, which writes keys of its own into the home directory.
        services.AddAuthenticationCore(authentication => authentication.AddScheme<BearerKeys>(BearerKeys.Scheme, displayName: null));
        services.AddAuthorization(authorization =>
        {
            foreach (var role in Role.All)
                authorization.AddPolicy(role, policy => policy.RequireRole(role));
        });
        return services
            .AddSingleton<KeyRing>()
            .AddTransient<BearerKeys>()
            .AddKeyRateLimit(options);
    }

    public static void UseAccess(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AccessOptions>().Keys.Count == 0)
            return;

        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
    }
}
