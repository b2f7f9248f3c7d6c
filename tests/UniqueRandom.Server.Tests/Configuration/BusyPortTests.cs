using System.Net;
using System.Net.Sockets;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>Addresses that can't be bound. The one line names the first of them, and no file is changed.</summary>
public sealed class BusyPortTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly TcpListener taken = new(IPAddress.Loopback, 0);
    private readonly string busy;

    public BusyPortTests()
    {
        taken.Start();
        busy = $"http://{taken.LocalEndpoint}";
    }

    public void Dispose()
    {
        taken.Dispose();
        directory.Dispose();
    }

    [Fact]
    public Task A_port_in_use_is_refused() => RefusedAsync(busy, "address already in use", busy);

    [Fact]
    public Task The_address_that_is_in_use_is_named_among_others() =>
        RefusedAsync(busy, "address already in use", $"http://127.0.0.1:0;{busy};http://127.0.0.1:{LoopbackPort.Take()}");

    [Fact]
    public Task Localhost_is_named_as_it_was_given()
    {
        var localhost = busy.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return RefusedAsync(localhost, "address already in use", $"http://127.0.0.1:0;{localhost}");
    }

    [Fact]
    public Task An_address_of_another_machine_is_refused() => BadStart.RefusedAsync(
        directory,
        "Can't listen on http://192.0.2.1:8000: cannot assign requested address; choose another address with --urls.",
        "--allow-anonymous", "--urls", "http://127.0.0.1:0;http://192.0.2.1:8000");

    [Fact]
    public Task An_endpoint_of_Kestrel_is_named_with_its_section() => BadStart.RefusedAsync(
        directory,
        $"Can't listen on {busy}: address already in use; choose another address with Kestrel:Endpoints.",
        new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__First__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__Second__Url"] = busy,
        });

    [Fact]
    public async Task An_unexpected_failure_of_the_start_is_reported_with_its_stack_trace()
    {
        await File.WriteAllTextAsync(directory.File("no.pfx"), "nonsense", TestContext.Current.CancellationToken);
        await using var server = ServerProcess.Launch(directory, new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__Main__Url"] = "https://127.0.0.1:0",
            ["Kestrel__Endpoints__Main__Certificate__Path"] = directory.File("no.pfx"),
        });

        Assert.NotEqual(0, await server.ExitAsync());

        Assert.Contains(server.Errors, line => line.Contains("CryptographicException", StringComparison.Ordinal));
        Assert.Contains(server.Errors, line => line.Contains("   at UniqueRandom.Server.Hosting", StringComparison.Ordinal));
    }

    private Task RefusedAsync(string address, string reason, string urls) => BadStart.RefusedAsync(
        directory, $"Can't listen on {address}: {reason}; choose another address with --urls.", "--urls", urls);
}
