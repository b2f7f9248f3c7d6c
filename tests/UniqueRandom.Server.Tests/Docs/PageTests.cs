using System.Net;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>The pages that draw nothing.</summary>
public sealed class PageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Health_returns_ok()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync("/health", CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"status":"ok"}""", await response.Content.ReadAsStringAsync(CancellationToken));
    }

    [Fact]
    public async Task The_OpenAPI_description_is_served_unchanged()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync("/openapi/v1.json", CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var written = new StreamReader(Documentation.OpenDescription());
        Assert.Equal(
            await written.ReadToEndAsync(CancellationToken), await response.Content.ReadAsStringAsync(CancellationToken));
    }

    [Fact]
    public async Task The_interactive_page_is_served()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync("/docs", CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<title>UniqueRandom</title>", await response.Content.ReadAsStringAsync(CancellationToken));
        Assert.Contains("/openapi/v1.json", await server.Client.GetStringAsync("/docs/index.js", CancellationToken));
    }

    [Fact]
    public async Task No_page_draws_a_number()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        foreach (var path in (string[])["/", "/docs", "/verify", "/health", "/openapi/v1.json"])
            Assert.NotEmpty(await server.Client.GetStringAsync(path, CancellationToken));

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).Cursor);
    }
}
