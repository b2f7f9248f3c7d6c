namespace UniqueRandom.Server.Access;

/// <summary>
/// Puts the checks of a request before the routes. What the configuration does not need is not built, and costs nothing.
/// </summary>
internal static class AccessPipeline
{
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        if (options.Keys.Count == 0)
            return services;

        // The core only: the whole of it would bring data protection, which writes keys of its own into the home directory.
        services.AddAuthenticationCore(
            authentication => authentication.AddScheme<BearerKeys>(BearerKeys.Scheme, displayName: null));
        services.AddAuthorization(authorization =>
        {
            foreach (var role in Role.All)
                authorization.AddPolicy(role, policy => policy.RequireRole(role));
        });
        return services
            .AddSingleton<KeyRing>()
            .AddSingleton<FailureLimit>()
            .AddTransient<BearerKeys>()
            .AddKeyRateLimit(options);
    }

    /// <summary>Refuses other hosts. Comes before everything else, because nothing is answered to them.</summary>
    public static void UseHostFilter(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AccessOptions>().Hosts is { } rule)
            app.Use(next => new HostFilter(rule, next).InvokeAsync);
    }

    /// <summary>Refuses pages of other sites, and then callers without a key or a role, or above a limit.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.Use(CrossSite.Guard);

        var options = app.Services.GetRequiredService<AccessOptions>();
        if (options.Keys.Count == 0)
            return;

        if (options.Proxies is not null)
            app.UseForwardedHeaders(options.Proxies);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
    }
}
