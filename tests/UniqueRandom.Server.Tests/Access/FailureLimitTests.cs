using System.Diagnostics;
using System.Net;
using UniqueRandom.Server.Access;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The limit of requests without a valid key from one address.</summary>
public sealed class FailureLimitTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Too_many_failures_are_refused_and_a_valid_key_never_is()
    {
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop));

        var refused = await FailUntilRefusedAsync(server);

        refused.Problem(429, "too-many-failures");
        Assert.Equal("3", refused.Headers["Retry-After"]);
        for (var draw = 0; draw < 30; draw++)
        {
            await FailAsync(server);
            (await shop.DrawAsync(server)).Expect(200);
        }

        Assert.Equal(200, (await server.Client.FetchAsync("/health")).Status);
        Assert.Equal(404, (await server.Client.FetchAsync("/nowhere")).Status);
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(30, Fixtures.StoredDraws.Read(directory.Database).Cursor);
    }

    [Fact]
    public async Task A_request_is_accepted_again_after_the_time_in_Retry_After()
    {
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop));
        var refused = await FailUntilRefusedAsync(server);

        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused.Headers["Retry-After"], null)), CancellationToken);

        // Buckets are refilled ten times a second.
        for (var attempt = 0; attempt < 5 && refused.Status == 429; attempt++)
        {
            refused = await FailAsync(server);
            await Task.Delay(100, CancellationToken);
        }

        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task Concurrent_requests_do_not_exceed_the_limit()
    {
        using var limit = new FailureLimit();
        var address = IPAddress.Parse("203.0.113.1");
        var started = Stopwatch.GetTimestamp();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(CountAccepted)));

        var refilled = (int)(Stopwatch.GetElapsedTime(started) / FailureLimit.ReplenishmentPeriod);
        Assert.InRange(accepted.Sum(), FailureLimit.Failures, FailureLimit.Failures + refilled);

        int CountAccepted() => Enumerable.Range(0, 100).Count(_ => limit.TryCount(address));
    }

    [Theory]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    public void A_client_is_an_IPv4_address_or_an_IPv6_network_of_64_bits(string client, string other, bool isSame)
    {
        // Two clients can share one of thousands of buckets by chance, but not with each of five hash seeds.
        var refusals = Enumerable.Range(0, 5).Count(number =>
        {
            using var limit = new FailureLimit();
            var address = ChangeNetwork(IPAddress.Parse(client), number);
            while (limit.TryCount(address))
            {
            }

            return !limit.TryCount(ChangeNetwork(IPAddress.Parse(other), number));
        });

        if (isSame)
            Assert.Equal(5, refusals);
        else
            Assert.InRange(refusals, 0, 2);
    }

    [Fact]
    public void Memory_is_bounded_for_any_number_of_addresses()
    {
        using var limit = new FailureLimit();
        CountFailures(0x20010DB8_00000000, 20_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        CountFailures(0x20020DB8_00000000, 300_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 2_000_000);

        void CountFailures(ulong network, int count)
        {
            Span<byte> bytes = stackalloc byte[16];
            for (var i = 0; i < count; i++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, network + (ulong)i);
                limit.TryCount(new IPAddress(bytes));
            }
        }
    }

    private static async Task<ApiAnswer> FailUntilRefusedAsync(ServerProcess server)
    {
        for (var failures = 0; failures <= 2 * FailureLimit.Failures; failures++)
        {
            var answer = await FailAsync(server);
            if (answer.Status != 401)
            {
                Assert.InRange(failures, FailureLimit.Failures, 2 * FailureLimit.Failures);
                return answer;
            }
        }

        throw new InvalidOperationException("No failure was refused.");
    }

    private static async Task<ApiAnswer> FailAsync(ServerProcess server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/random");
        request.Headers.Add("Authorization", "Bearer guess");
        return await server.Client.SendRequestAsync(request);
    }

    /// <summary>Returns the same address in another network.</summary>
    private static IPAddress ChangeNetwork(IPAddress address, int number)
    {
        var bytes = address.GetAddressBytes();
        bytes[address.IsIPv4MappedToIPv6 ? 13 : 1] += (byte)number;
        return new IPAddress(bytes);
    }
}
