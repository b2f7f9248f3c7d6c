using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Access when keys are configured.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");
    private readonly KeyHolder office = new("office", "admin");
    private readonly KeyHolder both = new("both", "draw, admin");

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Without_a_valid_key_nothing_is_drawn()
    {
        await using var server = await StartAsync();

        string?[] headers =
        [
            null, "", "Bearer", $"Bearer {shop.Key}x", $"Bearer {shop.Key[1..]}", $"Bearer {shop.Key.ToUpperInvariant()}",
            $"Bearer {shop.Hash}",
            $"Basic {shop.Key}", $"Bearer:{shop.Key}", shop.Key, $"Bearer {shop.Key}, Bearer {shop.Key}",
            $"Bearer {new string('k', 10_000)}",
        ];
        foreach (var header in headers)
            await AssertUnauthorizedAsync(server, header);

        Assert.Equal(0, await DrawnAsync(server));
    }

    [Fact]
    public async Task A_key_with_the_role_draw_can_draw()
    {
        await using var server = await StartAsync();

        foreach (var holder in (KeyHolder[])[shop, both])
        {
            using var response = await holder.DrawAsync(server);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using var lowerCase = await GetAsync(server, $"bearer  {shop.Key}");
        Assert.Equal(HttpStatusCode.OK, lowerCase.StatusCode);
        using var head = await shop.SendAsync(server.Client, HttpMethod.Head, "/random");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(3, await DrawnAsync(server));
    }

    [Fact]
    public async Task A_key_without_the_role_is_refused_with_the_missing_role()
    {
        await using var server = await StartAsync();

        using var response = await office.DrawAsync(server);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var problem = await ProblemBody.ReadAsync(response, ":forbidden");
        Assert.Equal("draw", problem.GetProperty("role").GetString());
        Assert.Contains("'office' does not have the role 'draw'", problem.GetProperty("detail").GetString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(0, await DrawnAsync(server));
    }

    [Fact]
    public async Task A_key_can_be_configured_in_appsettings()
    {
        await File.WriteAllTextAsync(
            directory.File("appsettings.json"),
            $$$"""
            {
              "UniqueRandom": {
                "Maximum": 3,
                "Keys": {
                  "shop": { "Sha256": "{{{shop.Hash.ToUpperInvariant()}}}", "Roles": "admin draw", "RequestsPerSecond": 50 }
                }
              }
            }
            """,
            CancellationToken);
        await using var server = await ServerProcess.StartAsync(directory);

        await AssertUnauthorizedAsync(server, null);
        using var response = await shop.DrawAsync(server);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Public_routes_need_no_key()
    {
        await using var server = await StartAsync();

        foreach (var path in (string[])["/", "/docs", "/health", "/openapi/v1.json"])
            Assert.NotEmpty(await server.Client.GetStringAsync(path, CancellationToken));
    }

    [Fact]
    public async Task Unknown_routes_and_methods_need_no_key()
    {
        await using var server = await StartAsync();

        using var unknown = await server.Client.GetAsync("/numbers", CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await ProblemBody.ReadAsync(unknown, "not-found");

        using var method = await server.Client.PostAsync("/random", null, CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Contains("GET", method.Content.Headers.Allow);
        await ProblemBody.ReadAsync(method, "method-not-allowed");
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(directory, KeyHolder.Environment(shop, office, both), "--maximum", "20");

    private static async Task AssertUnauthorizedAsync(ServerProcess server, string? header)
    {
        using var response = await GetAsync(server, header);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        await ProblemBody.ReadAsync(response, "unauthorized");
    }

    private static async Task<HttpResponseMessage> GetAsync(ServerProcess server, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/random");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        return await server.Client.SendAsync(request, CancellationToken);
    }

    private async Task<int> DrawnAsync(ServerProcess server)
    {
        Assert.Equal(0, await server.StopAsync());
        return StoredDraws.Read(directory.Database).Cursor;
    }
}
