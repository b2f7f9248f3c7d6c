using System.Net;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>What is there to look at beside the draws.</summary>
public sealed class PageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Health_says_ok()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync("/health", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"status":"ok"}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task The_description_of_the_routes_is_served_as_it_was_written()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync("/openapi/v1.json", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var written = new StreamReader(Documentation.OpenDescription());
        Assert.Equal(await written.ReadToEndAsync(Cancellation), await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    public async Task The_interactive_page_is_found(string path)
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        using var response = await server.Client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<title>UniqueRandom</title>", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("/openapi/v1.json", await server.Client.GetStringAsync("/docs/index.js", Cancellation));
    }

    [Fact]
    public async Task No_page_draws_a_number()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        foreach (var path in (string[])["/", "/docs", "/health", "/openapi/v1.json"])
            Assert.NotEmpty(await server.Client.GetStringAsync(path, Cancellation));

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).Cursor);
    }
}
