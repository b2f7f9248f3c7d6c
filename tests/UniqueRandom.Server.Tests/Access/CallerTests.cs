using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>What a key may do, and the role that may only look.</summary>
public sealed class CallerTests(ApiServer open) : IClassFixture<ApiServer>, IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder viewer = new("viewer", "read");
    private readonly KeyHolder both = new("both", "draw, admin");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_caller_is_told_the_name_and_the_roles_of_its_key()
    {
        await using var server = await StartAsync();

        (await server.Client.FetchAsync("/whoami")).Problem(401, "unauthorized");
        Assert.Equal("""{"name":"viewer","roles":["read"]}""", await ReadCallerAsync(server, viewer));
        Assert.Equal("""{"name":"both","roles":["draw","admin"]}""", await ReadCallerAsync(server, both));
    }

    [Fact]
    public async Task Without_keys_everybody_may_do_everything() => Assert.Equal(
        """{"name":null,"roles":["read","draw","lookup","admin"]}""", (await open.Client.FetchAsync("/whoami")).Expect(200).Text);

    [Fact]
    public async Task The_role_read_can_look_and_nothing_else()
    {
        await using var server = await StartAsync();

        foreach (var path in (string[])["/pools", "/pools/default"])
            (await viewer.SendAsync(server.Client, HttpMethod.Get, path)).Expect(200);
        foreach (var (method, path, role) in ((HttpMethod, string, string)[])[
            (HttpMethod.Get, "/random", "draw"),
            (HttpMethod.Post, "/pools/default/draws", "draw"),
            (HttpMethod.Get, "/pools/default/draws", "admin"),
            (HttpMethod.Get, "/pools/default/sample", "admin"),
            (HttpMethod.Get, "/pools/default/numbers/1", "admin"),
            (HttpMethod.Put, "/pools/p", "admin"),
            (HttpMethod.Post, "/pools/default/extend", "admin"),
            (HttpMethod.Post, "/pools/default/close", "admin")])
        {
            var problem = (await viewer.SendAsync(server.Client, method, path)).Problem(403, "forbidden");
            Assert.Equal(role, problem.GetProperty("role").GetString());
        }
    }

    [Fact]
    public async Task A_viewer_can_watch_and_a_stranger_cannot()
    {
        await using var server = await StartAsync();

        (await server.Client.FetchAsync("/events")).Problem(401, "unauthorized");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events")
        {
            Headers = { Authorization = new("Bearer", viewer.Key) },
        };
        using var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task<string> ReadCallerAsync(ServerProcess server, KeyHolder holder) =>
        (await holder.SendAsync(server.Client, HttpMethod.Get, "/whoami")).Expect(200).Text;

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(directory, KeyHolder.Environment(viewer, both), "--maximum", "20");
}
