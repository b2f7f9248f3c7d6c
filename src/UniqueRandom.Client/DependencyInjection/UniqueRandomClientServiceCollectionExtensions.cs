using System.Net.Http.Headers;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using UniqueRandom.Client;
using UniqueRandom.Client.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="UniqueRandomClient"/>.</summary>
public static class UniqueRandomClientServiceCollectionExtensions
{
    // The limits of Polly.
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    /// <summary>
    /// Adds a <see cref="UniqueRandomClient"/> that retries each request until it has the response. Resilience handlers that the
    /// program adds to all clients do not apply to it, because they could give up on a draw that is already recorded.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. They are checked when the host starts, and when the client is created.</param>
    /// <returns>The builder of the <see cref="HttpClient"/>. Handlers that are added to it handle each attempt.</returns>
    public static IHttpClientBuilder AddUniqueRandomClient(
        this IServiceCollection services, Action<UniqueRandomClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<UniqueRandomClientOptions>()
            .Configure(configure)
            .Validate(
                options => options.BaseAddress is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" },
                "Set UniqueRandomClientOptions.BaseAddress to the address of the server, such as http://127.0.0.1:8000.")
            .Validate(
                options => options.AccessKey is null || (options.AccessKey.Length > 0 && Arguments.IsVisible(options.AccessKey)),
                "UniqueRandomClientOptions.AccessKey must have visible ASCII characters only, or be null if there is none.")
            .Validate(
                options => options.AttemptTimeout >= ShortestTimeout && options.AttemptTimeout <= LongestTimeout,
                "UniqueRandomClientOptions.AttemptTimeout must be 10 milliseconds to 24 hours.")
            .ValidateOnStart();

        var builder = services.AddHttpClient(nameof(UniqueRandomClient), Configure)
            .AddTypedClient((http, provider) => new UniqueRandomClient(http, OptionsOf(provider).AttemptTimeout))
            // The handler renews its connections itself, so that a client can be kept and still follows a change of DNS.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                // A redirected POST would become a GET, which reads the draw log instead of drawing.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
            })
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => RemoveResilience(handlers));
        builder.AddResilienceHandler(
            "retry",
            (pipeline, context) => RetryPipeline.AddTo(pipeline, OptionsOf(context.ServiceProvider).AttemptTimeout));
        return builder.AddHttpMessageHandler(() => new WholeResponseHandler());
    }

    private static void RemoveResilience(IList<DelegatingHandler> handlers)
    {
        foreach (var handler in handlers.OfType<ResilienceHandler>().ToList())
            handlers.Remove(handler);
    }

    private static void Configure(IServiceProvider services, HttpClient client)
    {
        var options = OptionsOf(services);
        client.BaseAddress = new Uri($"{options.BaseAddress!.AbsoluteUri.TrimEnd('/')}/");
        client.Timeout = Timeout.InfiniteTimeSpan;
        if (options.AccessKey is { } key)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    private static UniqueRandomClientOptions OptionsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<UniqueRandomClientOptions>>().Value;
}
