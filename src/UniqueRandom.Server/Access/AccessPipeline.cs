namespace UniqueRandom.Server.Access;

/// <summary>
/// Adds the access checks to the request pipeline. Checks that the configuration does not need are not added.
/// </summary>
internal static class AccessPipeline
{
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        if (options.Keys.Count == 0)
            return services;

        // Only the core: AddAuthentication adds data protection, which writes its keys to the home directory.
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
            .AddKeyRateLimit();
    }

    /// <summary>Refuses hosts that are not allowed. Comes first, because they get no other answer.</summary>
    public static void UseHostFilter(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AccessOptions>().Hosts is { } rule)
            app.Use(next => new HostFilter(rule, next).InvokeAsync);
    }

    /// <summary>Refuses cross-site requests, and then callers without the required key or role, or above a limit.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.Use(CrossSite.Guard);

        var options = app.Services.GetRequiredService<AccessOptions>();
        if (options.Proxies is not null)
            app.UseForwardedHeaders(options.Proxies);
        if (options.Keys.Count == 0)
            return;

        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
    }
}
