using System.Text;
using Microsoft.AspNetCore.Http;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Problems;

/// <summary>No log and no trace has a code that was looked up.</summary>
public sealed class LoggedRequestTests : IDisposable
{
    private const string Code = "V-7K3QN-0VB2M-N";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData($"/pools/v/codes/{Code}", "/pools/v/codes/{code}")]
    [InlineData($"/pools/v/codes/{Code}/", "/pools/v/codes/{code}")]
    [InlineData($"/pools/v/codes/{Code}/{Code}", "/pools/v/codes/{code}")]
    [InlineData($"/pools/v/codes//{Code}", "/pools/v/codes/{code}")]
    [InlineData($"//pools//v//codes//{Code}", "//pools//v//codes/{code}")]
    [InlineData($"/pools//codes/{Code}", "/pools//codes/{code}")]
    [InlineData($"/POOLS/v/Codes/{Code}", "/POOLS/v/Codes/{code}")]
    [InlineData($"/pools/a%2Fb/codes/{Code}", "/pools/a%2Fb/codes/{code}")]
    [InlineData($"/pools%2fv%2fcodes%2f{Code}", "/pools%2fv%2fcodes%2f{code}")]
    [InlineData($"/pools/v\n/codes/{Code}\n", "/pools/v\n/codes/{code}")]
    [InlineData($"/pools/codes/codes/{Code}", "/pools/codes/codes/{code}")]
    [InlineData("/pools/codes/random", "/pools/codes/random")]
    [InlineData("/pools/v/codes/", "/pools/v/codes/")]
    [InlineData("/pools/v/codes", "/pools/v/codes")]
    [InlineData("/pools/v/draws", "/pools/v/draws")]
    [InlineData("", "")]
    public void A_code_is_left_out_wherever_the_path_has_one(string path, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = new PathString(path);
        Assert.Equal(expected, context.Request.LoggedPath());
    }

    [Fact]
    public async Task A_request_that_is_refused_before_it_has_a_route_is_logged_without_its_code()
    {
        var environment = new Dictionary<string, string> { ["Serilog__MinimumLevel__Default"] = "Debug" };
        await using var server = await ServerProcess.StartAsync(directory, environment, "--wrong-codes-per-minute", "100");
        (await server.Client.DefinePoolAsync("v", """{"code":{"alphabet":"hex","length":6}}""")).Success(201);
        (string Method, string Path, string Host, int Status)[] requests =
        [
            ("GET", $"/pools/v/codes/{Code}", "localhost", 422), ("GET", $"/pools/v/codes/{Code}/", "localhost", 422),
            ("HEAD", $"/pools/v/codes/{Code}", "localhost", 405), ("POST", $"/pools/v/codes/{Code}", "localhost", 405),
            ("GET", $"/pools/v/codes/{Code}", "evil.example", 421), ("GET", $"/pools/v/%63odes/{Code}", "evil.example", 421),
            ("GET", $"/pools/v%2fcodes%2F{Code}", "localhost", 400), ("GET", $"/pools//v/codes/{Code}", "localhost", 404),
            ("GET", $"/pools/v%25/codes/{Code}", "localhost", 400), ("GET", $"/pools/v%0A/CODES/{Code}", "localhost", 400),
        ];
        foreach (var (method, path, host, status) in requests)
        {
            var head = $"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            var answer = await RawHttp.SendAsync(server.Address, Encoding.ASCII.GetBytes(head));
            Assert.Equal((path, status), (path, answer!.Status));
        }

        Assert.Equal(0, await server.StopAsync());
        var lines = server.Output.Where(line => line.Contains(" was refused with ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(requests.Length, lines.Length);
        Assert.All(lines, line => Assert.Contains("{code}", line, StringComparison.Ordinal));
        Assert.DoesNotContain(
            server.Output.Concat(server.Errors), line => line.Contains(Code, StringComparison.OrdinalIgnoreCase));
    }
}
