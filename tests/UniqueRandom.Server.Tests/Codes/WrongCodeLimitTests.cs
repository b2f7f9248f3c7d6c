using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Codes;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Tests.Codes;

/// <summary>Which look-ups use up the limit of a key and of an address.</summary>
public sealed class WrongCodeLimitTests
{
    private readonly WrongCodeLimit limit = new(
        AccessOptions.From(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["UniqueRandom:WrongCodesPerMinute"] = "1" })
            .Build()),
        new FakeTimeProvider());

    public static TheoryData<Exception, bool> Endings => new()
    {
        { new OperationCanceledException(), true },
        { new IOException("The connection was reset."), true },
        { new InvalidOperationException(), true },
        { new RefusedException(Problem.PoolNotFound("v")), false },
        { new StoreException(StoreFault.Unavailable, "The store does not answer."), false },
    };

    [Theory]
    [MemberData(nameof(Endings), DisableDiscoveryEnumeration = true)]
    public async Task A_look_up_that_ends_without_an_answer_is_wrong(Exception ending, bool isWrong)
    {
        var error = await Record.ExceptionAsync(() => limit.RunAsync(Request("till", 1), () => throw ending));
        Assert.Same(ending, error);

        Assert.Equal(isWrong, await IsRefusedAsync(Request("till", 2)));
        Assert.Equal(isWrong, await IsRefusedAsync(Request("web", 1)));
    }

    [Fact]
    public async Task An_address_is_not_charged_for_a_key_that_is_refused()
    {
        await limit.RunAsync(Request("till", 1), () => Task.FromResult(false));
        Assert.True(await IsRefusedAsync(Request("till", 2)));
        Assert.False(await IsRefusedAsync(Request("web", 2)));
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_is_not_charged()
    {
        var ending = new TaskCompletionSource<bool>();
        var first = limit.RunAsync(Request("till", 1), () => ending.Task);
        foreach (var waiting in (DefaultHttpContext[])[Request("till", 2), Request("web", 1)])
        {
            using var hungUp = new CancellationTokenSource();
            waiting.RequestAborted = hungUp.Token;
            var second = limit.RunAsync(waiting, () => Task.FromResult(true));
            Assert.False(second.IsCompleted);
            await hungUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        }

        ending.SetResult(true);
        await first;
        foreach (var (key, address) in ((string, byte)[])[("till", 2), ("web", 1), ("till", 1)])
            Assert.False(await IsRefusedAsync(Request(key, address)));
    }

    private static DefaultHttpContext Request(string key, byte address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = new IPAddress([203, 0, 113, address]);
        context.Features.Set<IHttpAuthenticationFeature>(new Authenticated
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, key)], "test")),
        });
        return context;
    }

    private async Task<bool> IsRefusedAsync(HttpContext context)
    {
        try
        {
            await limit.RunAsync(context, () => Task.FromResult(true));
            return false;
        }
        catch (RefusedException)
        {
            return true;
        }
    }

    private sealed class Authenticated : IHttpAuthenticationFeature
    {
        public ClaimsPrincipal? User { get; set; }
    }
}
