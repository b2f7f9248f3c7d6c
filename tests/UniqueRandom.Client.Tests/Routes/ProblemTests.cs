using System.Net;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Client.Tests.Routes;

public sealed class ProblemTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly RegisteredClient registered = new(server.Address);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private UniqueRandomClient Client => registered.Client;

    public void Dispose() => registered.Dispose();

    [Fact]
    public async Task An_exhausted_pool_says_what_is_left()
    {
        var pool = await server.CreatePoolAsync(5);
        await Client.DrawAsync(pool, 3, CancellationToken);

        var error = await Assert.ThrowsAsync<UniqueRandomException>(() => Client.DrawAsync(pool, 3, CancellationToken));

        Assert.Equal((ProblemTypes.PoolExhausted, HttpStatusCode.Conflict), (error.Type, error.Status));
        Assert.Equal("The pool is exhausted", error.Title);
        Assert.Equal($"The pool '{pool}' has 2 of its 5 numbers left, fewer than requested. Nothing was drawn; "
            + "draw from another pool, or extend this one, unless it is being extended.", error.Message);
        Assert.Equal(error.Message, error.Detail);
        Assert.Equal((2, 5), (error.Extensions["remaining"].GetInt64(), error.Extensions["size"].GetInt64()));
        Assert.Equal(2, (await Client.DrawAsync(pool, 2, CancellationToken)).Numbers.Count);
    }

    [Fact]
    public async Task Every_refusal_is_an_exception_with_its_type()
    {
        var pool = await server.CreatePoolAsync(10);
        await Client.DrawAsync(pool, 1, "used", cancellationToken: CancellationToken);
        await ThrowsAsync(
            ProblemTypes.KeyConflict, () => Client.DrawAsync(pool, 2, "used", cancellationToken: CancellationToken));
        await ThrowsAsync(ProblemTypes.InvalidRequest, () => Client.DrawAsync(pool, 0, CancellationToken));
        await ThrowsAsync(ProblemTypes.PoolNotFound, () => Client.DrawOneAsync("nowhere", cancellationToken: CancellationToken));
        await ThrowsAsync(ProblemTypes.PoolExists, () => Client.CreatePoolAsync(pool, 1, 11, CancellationToken));
        await ThrowsAsync(ProblemTypes.NumberNotFound, () => Client.GetNumberAsync(pool, 11, CancellationToken));
        await Client.ClosePoolAsync(pool, CancellationToken);
        await ThrowsAsync(ProblemTypes.PoolClosed, () => Client.DrawOneAsync(pool, cancellationToken: CancellationToken));
        await ThrowsAsync(
            ProblemTypes.PoolNotFound, () => Client.ReadDrawLogAsync("nowhere").ToListAsync(CancellationToken).AsTask());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("Raffle")]
    public async Task A_name_that_no_pool_can_have_is_an_argument_exception(string pool)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.DrawAsync(pool, 1, CancellationToken));
        Assert.Equal("pool", error.ParamName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nX: y")]
    [InlineData("é")]
    public async Task A_key_that_no_header_can_have_is_an_argument_exception(string key)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Client.DrawAsync("default", 1, key, cancellationToken: CancellationToken));
        Assert.Equal("idempotencyKey", error.ParamName);
    }

    [Fact]
    public async Task A_reference_that_UTF_8_would_change_is_an_argument_exception()
    {
        // An attribute stores its arguments as UTF-8.
        foreach (var reference in (string[])["\uD83D", "\uDE00\uD83D", "\uD83D\uDE00 \uDE00"])
        {
            var error = await Assert.ThrowsAnyAsync<ArgumentException>(
                () => Client.DrawAsync("default", 1, reference: reference, cancellationToken: CancellationToken));
            Assert.Equal("reference", error.ParamName);
        }
    }

    private static async Task ThrowsAsync(string type, Func<Task> call) =>
        Assert.Equal(type, (await Assert.ThrowsAsync<UniqueRandomException>(call)).Type);
}
