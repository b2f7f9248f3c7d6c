using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Commands;

/// <summary>The verb health, with the settings of the server that it asks.</summary>
public sealed class HealthCommandTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly int port = LoopbackPort.Take();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_with_keys_is_ready_until_it_stops()
    {
        var environment = KeyHolder.Environment(new KeyHolder("shop", "draw"));
        environment["ASPNETCORE_URLS"] = $"http://*:{port}";
        await using var server = await ServerProcess.StartAsync(directory, environment);

        var (exitCode, output, errors) = await AskAsync(environment);
        Assert.Equal((0, $"http://*:{port} is ready."), (exitCode, Assert.Single(output)));
        Assert.Empty(errors);
        string[] same = [$"http://numbers.example:{port}", $"http://0.0.0.0:{port};http://localhost:1"];
        foreach (var urls in same)
            Assert.Equal(0, (await AskAsync(environment, "--urls", urls)).ExitCode);

        Assert.Equal(0, await server.StopAsync());
        await AssertNotReadyAsync("Connection refused", environment);
    }

    [Fact]
    public async Task A_node_that_waits_for_PostgreSQL_is_not_ready()
    {
        string[] urls = ["--urls", $"http://127.0.0.1:{port}"];
        string[] missing = TestDatabase.SwitchesOf($"Host=127.0.0.1;Port={LoopbackPort.Take()};Username=unique");
        await using var node = ServerProcess.Launch(directory, [], [.. urls, .. missing]);
        await node.LineAsync("WRN");

        await AssertNotReadyAsync("status 503", [], urls);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_ready()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        var started = Stopwatch.GetTimestamp();

        await AssertNotReadyAsync("no answer within 3 s", [], "--urls", $"http://127.0.0.1:{port}");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_Unix_socket_and_HTTPS_are_asked()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=numbers.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(directory.File("c.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(directory.File("k.pem"), key.ExportPkcs8PrivateKeyPem());
        var socket = $"http://unix:{directory.File("http.sock")}";
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__A__Url"] = $"https://127.0.0.1:{port}",
            ["Kestrel__Endpoints__A__Certificate__Path"] = directory.File("c.pem"),
            ["Kestrel__Endpoints__A__Certificate__KeyPath"] = directory.File("k.pem"),
            ["Kestrel__Endpoints__B__Url"] = socket,
        };
        await using var server = ServerProcess.Launch(directory, environment);
        await server.LineAsync("Serving pool");

        Assert.Equal(0, (await AskAsync(environment)).ExitCode);
        Assert.Equal(0, (await AskAsync([], "--urls", socket)).ExitCode);
    }

    [Fact]
    public async Task Another_switch_is_refused() => Assert.Equal(
        "Unknown switch '--maximum'; allowed are --urls.", Assert.Single((await AskAsync([], "--maximum", "7")).Errors));

    [Fact]
    public async Task A_switch_before_the_verb_is_refused()
    {
        string[] arguments = ["--urls", "http://127.0.0.1:1", "health"];
        await using var health = ServerProcess.LaunchExactly([], directory, [], arguments);

        Assert.Equal(1, await health.ExitAsync());
        Assert.Equal("The switch --urls stands before health; write it behind.", Assert.Single(health.Errors));
    }

    [Fact]
    public async Task A_value_with_an_at_sign_is_no_file() =>
        Assert.Contains("'@urls'", Assert.Single((await AskAsync([], "--urls", "@urls")).Errors));

    private async Task AssertNotReadyAsync(string reason, Dictionary<string, string> environment, params string[] arguments)
    {
        var (exitCode, output, errors) = await AskAsync(environment, arguments);
        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var line = Assert.Single(errors);
        Assert.Contains("is not ready: ", line);
        Assert.Contains(reason, line);
    }

    private async Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)> AskAsync(
        Dictionary<string, string> environment, params string[] arguments)
    {
        await using var health = ServerProcess.LaunchExactly([], directory, environment, ["health", .. arguments]);
        return (await health.ExitAsync(), health.Output, health.Errors);
    }
}
