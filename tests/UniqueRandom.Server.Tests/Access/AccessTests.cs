using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
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
            (await holder.DrawAsync(server)).Expect(200);
        (await GetAsync(server, $"bearer  {shop.Key}")).Expect(200);
        (await shop.SendAsync(server.Client, HttpMethod.Head, "/random")).Expect(200);
        Assert.Equal(3, await DrawnAsync(server));
    }

    [Fact]
    public async Task A_key_without_the_role_is_refused_with_the_missing_role()
    {
        await using var server = await StartAsync();

        var answer = await office.DrawAsync(server);

        var problem = answer.Problem(403, "forbidden");
        Assert.Equal("draw", problem.GetProperty("role").GetString());
        Assert.Contains("'office' does not have the role 'draw'", problem.GetProperty("detail").GetString());
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
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
        (await shop.DrawAsync(server)).Expect(200);
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

        (await server.Client.FetchAsync("/numbers")).Problem(404, "not-found");
        var answer = await server.Client.SendRequestAsync("POST", "/random");
        answer.Problem(405, "method-not-allowed");
        Assert.Contains("GET", answer.Headers["Allow"], StringComparison.Ordinal);
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(directory, KeyHolder.Environment(shop, office, both), "--maximum", "20");

    private static async Task AssertUnauthorizedAsync(ServerProcess server, string? header)
    {
        var answer = await GetAsync(server, header);
        answer.Problem(401, "unauthorized");
        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    private static async Task<ApiAnswer> GetAsync(ServerProcess server, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/random");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        return await server.Client.SendRequestAsync(request);
    }

    private async Task<int> DrawnAsync(ServerProcess server)
    {
        Assert.Equal(0, await server.StopAsync());
        return StoredDraws.Read(directory.Database).Cursor;
    }
}
