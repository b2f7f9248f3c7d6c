using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>The section <c>Serilog</c>, whose settings name sinks and formatters by text.</summary>
public sealed class SerilogTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Levels_sinks_templates_and_formatters_can_be_configured()
    {
        var variables = new Dictionary<string, string>
        {
            ["Serilog__MinimumLevel__Override__UniqueRandom"] = "Debug",
            ["Serilog__Properties__Site"] = "north",
            ["Serilog__WriteTo__1__Name"] = "File",
            ["Serilog__WriteTo__1__Args__path"] = directory.File("text.log"),
            ["Serilog__WriteTo__1__Args__outputTemplate"] = "{Level:u3} {Site} {Message:lj}{NewLine}",
            ["Serilog__WriteTo__2__Name"] = "File",
            ["Serilog__WriteTo__2__Args__path"] = directory.File("compact.log"),
            ["Serilog__WriteTo__2__Args__formatter"] =
                "Serilog.Formatting.Compact.CompactJsonFormatter, Serilog.Formatting.Compact",
        };
        await using (var server = await ServerProcess.StartAsync(directory, variables, "--maximum", "10"))
        {
            (await server.Client.FetchAsync("/random")).Success(200);
            Assert.Equal(0, await server.StopAsync());
            Assert.Contains(server.Output, line => line.Contains(" DBG ", StringComparison.Ordinal));
        }

        var text = await File.ReadAllTextAsync(directory.File("text.log"), TestContext.Current.CancellationToken);
        var compact = await File.ReadAllTextAsync(directory.File("compact.log"), TestContext.Current.CancellationToken);
        Assert.Contains("INF north Seeded pool default", text, StringComparison.Ordinal);
        Assert.Contains("DBG north ", text, StringComparison.Ordinal);
        Assert.Contains("\"Site\":\"north\"", compact, StringComparison.Ordinal);
    }
}
