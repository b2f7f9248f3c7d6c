using Microsoft.AspNetCore.Http;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Server.Tests.Telemetry;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Webhooks;

/// <summary>Servers that tell a receiver what happens to their pools.</summary>
public sealed class WebhookTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_is_not_delivered_before_the_process_is_killed_is_delivered_after()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        inbox.Status = StatusCodes.Status503ServiceUnavailable;
        WebhookInbox.Message[] before;
        await using (var killed = await StartAsync(inbox))
        {
            (await killed.Client.DrawAsync("default", 80)).Success(201);
            before = await inbox.WaitAsync(1);
            await killed.KillAsync();
        }

        inbox.Status = StatusCodes.Status204NoContent;
        await using var server = await StartAsync(inbox);
        await Scrape.UntilAsync(
            server, """uniquerandom_webhook_messages_total{outcome="delivered",type="pool.low",webhook="ops"}""", 1);

        Assert.All(inbox.Messages, message => Assert.Equal("pool.low default 80", message.ToString()));
        Assert.Equal(before[0].Id, Assert.Single(inbox.Messages.DistinctBy(message => message.Id)).Id);
        (await server.Client.DrawAsync("default", 20)).Success(201);
        (await server.Client.ClosePoolAsync("default")).Success(200);
        await server.LineAsync("Delivered pool.exhausted of pool default to the webhook ops");
        await server.LineAsync("Delivered pool.closed of pool default to the webhook ops");
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain(WebhookInbox.Secret, string.Join('\n', server.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_two_nodes_delivers_and_the_other_one_when_it_is_gone()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var inbox = await WebhookInbox.StartAsync();
        await using var first = await StartAsync(inbox, database.Switches);
        (await first.Client.DrawAsync("default", 80)).Success(201);
        await inbox.WaitAsync(1);
        await using var second = await StartAsync(inbox, database.Switches);
        (await second.Client.DrawAsync("default", 15)).Success(201);
        await first.LineAsync("pool.low");
        await inbox.WaitAsync(2);
        Assert.DoesNotContain(second.Output, line => line.Contains("Delivered", StringComparison.Ordinal));

        await first.KillAsync();
        (await second.Client.DrawAsync("default", 5)).Success(201);

        await second.LineAsync("Delivered pool.exhausted of pool default");
        Assert.Equal(
            ["pool.low default 80", "pool.low default 95", "pool.exhausted default"],
            inbox.Messages.Select(message => message.ToString()));
    }

    [Theory]
    [InlineData("Url", "events", "Webhooks:ops:Url must be an address like https://example.com/events.")]
    [InlineData("Url", "http://example.com", "Webhooks:ops:Url must begin with https://, unless")]
    [InlineData("Url", "https://me:secret@example.com", "Webhooks:ops:Url must have no user, password or fragment.")]
    [InlineData("Secret", "secret", "Webhooks:ops:Secret must be whsec_ and 24 to 64 random bytes in Base64.")]
    [InlineData("SecondSecret", "", "Webhooks:ops:SecondSecret must be whsec_ and 24 to 64 random bytes in Base64.")]
    [InlineData("AllowPrivate", "yes", "Webhooks:ops:AllowPrivate must be true or false.")]
    [InlineData("GiveUpHours", "0", "Webhooks:ops:GiveUpHours must be an integer from 1 to 720.")]
    [InlineData("Token", "x", "Unknown setting 'UniqueRandom:Webhooks:ops:Token'; a webhook has Url, Secret,")]
    public Task A_setting_that_is_not_valid_is_refused(string setting, string value, string expected)
    {
        var variables = new Dictionary<string, string>
        {
            ["UniqueRandom__Webhooks__ops__Url"] = "https://example.com/events",
            ["UniqueRandom__Webhooks__ops__Secret"] = WebhookInbox.Secret,
        };
        variables[$"UniqueRandom__Webhooks__ops__{setting}"] = value;
        return BadStart.RefusedAsync(directory, expected, variables);
    }

    private Task<ServerProcess> StartAsync(WebhookInbox inbox, params IEnumerable<string> switches) =>
        ServerProcess.StartAsync(directory, inbox.Variables, [.. switches, "--maximum", "100"]);
}
