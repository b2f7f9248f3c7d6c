using Microsoft.Extensions.DependencyInjection;

namespace UniqueRandom.Client.Tests.Fixtures;

/// <summary>A client as a program registers it.</summary>
internal sealed class RegisteredClient : IDisposable
{
    private readonly ServiceProvider services;

    /// <param name="address">The address of the server.</param>
    /// <param name="configure">Sets more options.</param>
    /// <param name="register">Registers more services.</param>
    public RegisteredClient(
        Uri address,
        Action<UniqueRandomClientOptions>? configure = null,
        Action<IServiceCollection, IHttpClientBuilder>? register = null)
    {
        var collection = new ServiceCollection();
        var builder = collection.AddUniqueRandomClient(options =>
        {
            options.BaseAddress = address;
            configure?.Invoke(options);
        });
        register?.Invoke(collection, builder);
        services = collection.BuildServiceProvider();
        Client = services.GetRequiredService<UniqueRandomClient>();
    }

    public UniqueRandomClient Client { get; }

    /// <summary>Gets an HTTP client with the same handlers.</summary>
    public HttpClient NewHttpClient() =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(UniqueRandomClient));

    public void Dispose() => services.Dispose();
}
