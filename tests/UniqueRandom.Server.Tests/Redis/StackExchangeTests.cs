using System.Globalization;
using StackExchange.Redis;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The client that .NET programs use, with its defaults.</summary>
public sealed class StackExchangeTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task Its_commands_for_sets_draw(RedisProtocol protocol)
    {
        var pool = await server.CreatePoolAsync(20);
        await using var redis = await ConnectAsync(server.Port, protocol);
        var database = redis.GetDatabase();
        Assert.Equal(20, await database.SetLengthAsync(pool));
        var numbers = new List<long> { (long)await database.SetPopAsync(pool) };
        numbers.AddRange((await database.SetPopAsync(pool, 9)).Select(number => (long)number));
        Assert.Equal(10, numbers.Distinct().Count());

        var key = $"order-{protocol}";
        var draw = (RedisResult[])(await database.ExecuteAsync("UR.DRAW", pool, 10, key, "a reference"))!;
        var replay = (RedisResult[])(await database.ExecuteAsync("UR.DRAW", pool, 10, key, "a reference"))!;
        Assert.Equal((long[])draw[0]!, (long[])replay[0]!);
        Assert.Equal((false, true), ((bool)draw[1], (bool)replay[1]));
        numbers.AddRange((long[])draw[0]!);

        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), numbers.Order());
        Assert.True((await database.SetPopAsync(pool)).IsNull);
        Assert.Equal(0, await database.SetLengthAsync(pool));
        var error = await Assert.ThrowsAsync<RedisServerException>(() => database.SetPopAsync(pool, 2));
        Assert.StartsWith("ERR pool-exhausted: ", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<RedisServerException>(() => database.SetPopAsync("nowhere"));
        Assert.StartsWith("ERR pool-not-found: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task Concurrent_draws_of_one_connection_are_distinct_and_those_in_the_log(RedisProtocol protocol)
    {
        const int size = 10_000;
        var pool = await server.CreatePoolAsync(size);
        await using var redis = await ConnectAsync(server.Port, protocol);
        var database = redis.GetDatabase();

        var numbers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(DrawToEndAsync)));

        Assert.Equal(Enumerable.Range(1, size).Select(number => (long)number), numbers.SelectMany(drawn => drawn).Order());

        async Task<List<long>> DrawToEndAsync()
        {
            var drawn = new List<long>();
            while (true)
            {
                var values = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => database.SetPopAsync(pool)));
                drawn.AddRange(values.Where(value => !value.IsNull).Select(value => (long)value));
                if (values.Any(value => value.IsNull))
                    return drawn;
            }
        }
    }

    [Theory]
    [InlineData(RedisProtocol.Resp2, false)]
    [InlineData(RedisProtocol.Resp3, false)]
    [InlineData(RedisProtocol.Resp2, true)]
    [InlineData(RedisProtocol.Resp3, true)]
    public async Task It_authenticates_with_the_key_as_its_password(RedisProtocol protocol, bool hasName)
    {
        using var directory = new TemporaryDirectory();
        KeyHolder shop = new("shop", "draw"), boss = new("boss", "admin");
        await using var process = await RedisProcess.StartAsync(
            directory, KeyHolder.Environment(shop, boss), "--maximum", "10");
        await using var redis = await ConnectAsync(process.Port, protocol, shop.Key, hasName ? "shop" : null);
        Assert.InRange((long)await redis.GetDatabase().SetPopAsync("default"), 1, 10);

        await using var other = await ConnectAsync(process.Port, protocol, boss.Key, hasName ? "boss" : null);
        Assert.Equal(9, await other.GetDatabase().SetLengthAsync("default"));
        var error = await Assert.ThrowsAsync<RedisServerException>(() => other.GetDatabase().SetPopAsync("default"));
        Assert.StartsWith("NOPERM forbidden: ", error.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync(process.Port, protocol, "guess", null));
        Assert.Equal(0, await process.Server.StopAsync());
        Assert.Equal(1, StoredDraws.Read(directory.Database).Cursor);
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(
        int port, RedisProtocol protocol, string? password = null, string? name = null) => ConnectionMultiplexer.ConnectAsync(
        new ConfigurationOptions
        {
            EndPoints = { string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") },
            Protocol = protocol,
            Password = password,
            User = name,
        });
}
