using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>Runs the example of each language through a proxy that loses the first responses, or has errors of its own.</summary>
public sealed class ClientExamplesTests : IDisposable
{
    public const string Document = "src/docs/CLIENTS.md";

    private const int Losses = 2;

    private readonly TemporaryDirectory directory = new();
    private readonly ExampleValues values = new("");

    public static TheoryData<string, string> Sections => ExampleSection.In([MarkdownDocument.Of(Document)]);

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task An_example_prints_the_one_number_it_has_drawn(string document, string section)
    {
        var examples = new ExampleSection(document, section);
        examples.SkipUnlessInstalled();
        var (port, answers) = (LoopbackPort.Take(), 0);
        using var proxy = new TcpProxy(port, forwarded: count => Interlocked.Increment(ref answers) > Losses ? count : 0);
        values.Set("8000", $"{proxy.Port}");

        await using var shell = await ExampleShell.StartAsync(directory, port, redisPort: 0);
        await examples.RunAsync(shell, directory, values);

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var draw = Assert.Single((await client.FetchAsync("/pools/default/draws")).Expect(200).Lines);
        Assert.True(draw.GetProperty("keyed").GetBoolean());
        Assert.Equal(values.Substitute("483102"), $"{Assert.Single(draw.Numbers())}");
        Assert.Equal(Losses + 1, answers);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task An_example_outlasts_the_pages_of_a_proxy(string document, string section)
    {
        var examples = new ExampleSection(document, section);
        examples.SkipUnlessInstalled();
        int[] statuses = [500, 503, 504];
        var keys = new ConcurrentQueue<string>();
        var port = LoopbackPort.Take();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var proxy = builder.Build();
        proxy.Urls.Add($"http://127.0.0.1:{port}");
        proxy.MapGet("/{*path}", context =>
        {
            keys.Enqueue($"{context.Request.Headers["Idempotency-Key"]}");
            if (keys.Count > statuses.Length)
                return context.Response.WriteAsJsonAsync(new { number = 483102 });
            (context.Response.StatusCode, context.Response.ContentType) = (statuses[keys.Count - 1], "text/html");
            // In its other form, which not every example reads.
            context.Response.Headers.RetryAfter = $"{DateTimeOffset.UtcNow.AddSeconds(1):R}";
            // Empty, because curl writes it.
            return Task.CompletedTask;
        });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        values.Set("8000", $"{port}");

        await using var shell = await ExampleShell.StartAsync(directory, LoopbackPort.Take(), redisPort: 0);
        await examples.RunAsync(shell, directory, values);

        Assert.Equal(statuses.Length + 1, keys.Count);
        Assert.Single(keys.Distinct());
    }
}
