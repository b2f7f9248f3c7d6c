using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Access keys over the Redis protocol: authentication and roles.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string NoAuth = "NOAUTH unauthorized: A valid key is required. Send it with ";

    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");
    private readonly KeyHolder boss = new("boss", "admin");
    private RedisProcess redis = null!;
    private RespClient client = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(shop, boss), "--maximum", "100");
        client = await redis.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await redis.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_command_without_a_key_is_refused()
    {
        foreach (var command in (string[])[
            "SPOP default", "UR.DRAW default 1 key", "SCARD default", "PING", "ECHO x", "CLIENT ID", "SELECT 0", "COMMAND",
            "INFO", "NONSENSE", "HELLO 3", "HELLO"])
        {
            (await client.CallAsync(command.Split(' '))).Error(NoAuth);
        }

        Assert.Equal(0, await DrawnAsync());
    }

    [Fact]
    public async Task RESET_and_QUIT_need_no_key()
    {
        Assert.Equal("+RESET", $"{await client.CallAsync("RESET")}");
        Assert.Equal("+OK", $"{await client.CallAsync("QUIT")}");
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task AUTH_takes_the_key_alone_or_with_its_name_or_the_name_default()
    {
        foreach (var name in (string[][])[[], ["shop"], ["default"]])
        {
            Assert.Equal("+OK", $"{await client.CallAsync(["AUTH", .. name, shop.Key])}");
            Assert.InRange((await client.CallAsync("SPOP", "default")).Number, 1, 100);
            Assert.Equal("+RESET", $"{await client.CallAsync("RESET")}");
            (await client.CallAsync("SPOP", "default")).Error(NoAuth);
        }

        var hello = await client.CallAsync("HELLO", "3", "AUTH", "default", shop.Key, "SETNAME", "till");
        Assert.Equal('%', hello.Type);
        Assert.Equal("$till", $"{await client.CallAsync("CLIENT", "GETNAME")}");
        Assert.Single((await client.CallAsync("UR.DRAW", "default", "1", "key")).Items![0].Numbers);
        Assert.Equal(4, await DrawnAsync());
    }

    [Fact]
    public async Task A_key_that_is_unknown_or_has_another_name_is_refused()
    {
        const string error = "WRONGPASS unauthorized: The key is unknown, or has another name.";
        foreach (var arguments in (string[][])[["guess"], [""], ["boss", shop.Key], ["Shop", shop.Key], ["shop", shop.Hash]])
        {
            (await client.CallAsync(["AUTH", .. arguments])).Error(error);
            (await client.CallAsync("SPOP", "default")).Error(NoAuth);
        }

        (await client.CallAsync("HELLO", "3", "AUTH", "shop", "guess")).Error(error);
        (await client.CallAsync("HELLO", "2", "AUTH", "shop", "guess", "SETNAME", "x")).Error(error);
        Assert.Equal(0, await DrawnAsync());
    }

    [Fact]
    public async Task A_failed_AUTH_keeps_the_key_of_the_connection()
    {
        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", shop.Key)}");
        (await client.CallAsync("AUTH", "guess")).Error("WRONGPASS ");
        (await client.CallAsync("HELLO", "3", "AUTH", "boss", boss.Key, "SETNAME", "a b")).Error("ERR The name of a client");
        Assert.InRange((await client.CallAsync("SPOP", "default")).Number, 1, 100);
    }

    [Fact]
    public async Task A_key_of_another_role_can_ask_and_not_draw()
    {
        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", boss.Key)}");
        const string error =
            "NOPERM forbidden: The key 'boss' does not have the role 'draw'. Use a key that has it.";
        (await client.CallAsync("SPOP", "default")).Error(error);
        (await client.CallAsync("SPOP", "default", "2")).Error(error);
        (await client.CallAsync("UR.DRAW", "default", "2", "key")).Error(error);
        Assert.Equal(":100", $"{await client.CallAsync("SCARD", "default")}");
        Assert.Equal(0, await DrawnAsync());
    }

    [Fact]
    public async Task Draws_are_logged_with_the_name_of_the_key()
    {
        await client.SendAsync(
            (byte[])[.. RespClient.Encode("AUTH", shop.Key), .. RespClient.Encode("SPOP", "default", "3")]);
        var numbers = (await client.NextAsync(2))[1].Numbers;

        var line = Assert.Single((await boss.SendAsync(redis.Server.Client, HttpMethod.Get, "/pools/default/draws")).Lines);
        Assert.Equal(numbers, line.Numbers());
        Assert.Equal("shop", line.GetProperty("caller").GetString());
    }

    [Fact]
    public async Task Before_AUTH_a_command_has_at_most_8_arguments_and_1_KiB()
    {
        (await client.CallAsync("PING", "2", "3", "4", "5", "6", "7", "8")).Error(NoAuth);
        (await client.CallAsync("AUTH", new string('x', 990))).Error("WRONGPASS ");
        await AssertClosesAsync("*9", "-ERR Protocol error: more than 8 arguments\r\n");
        await AssertClosesAsync("*2\r\n$4\r\nAUTH\r\n$1020\r\n", "-ERR Protocol error: the command has more than 1024 bytes\r\n");

        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", shop.Key)}");
        Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
        (await client.CallAsync([.. Enumerable.Repeat("PING", 32)])).Error("ERR wrong number of arguments for 'PING'.");
        Assert.Equal(4000, (await client.CallAsync("ECHO", new string('x', 4000))).Text!.Length);
        Assert.Equal("+RESET", $"{await client.CallAsync("RESET")}");
        await client.SendAsync("*9"u8.ToArray());
        Assert.Equal("-ERR Protocol error: more than 8 arguments\r\n", await client.ReceiveToEndAsync());
    }

    private async Task AssertClosesAsync(string text, string answer)
    {
        using var other = await redis.ConnectAsync();
        await other.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Equal(answer, await other.ReceiveToEndAsync());
    }

    private async Task<int> DrawnAsync()
    {
        var answer = await boss.SendAsync(redis.Server.Client, HttpMethod.Get, "/pools/default");
        return answer.Success(200).GetProperty("drawn").GetInt32();
    }
}
