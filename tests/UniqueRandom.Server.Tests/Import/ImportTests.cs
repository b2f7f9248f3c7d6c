using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UniqueRandom.Audit;
using UniqueRandom.Codes;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>Pools with imported numbers over HTTP.</summary>
public sealed class ImportTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Ten = """{"minimum":1,"maximum":10}""";

    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task Imported_numbers_are_drawn_and_never_drawn_again()
    {
        var answer = await client.ImportPoolAsync("raffle", $"{Ten}\n7\n10\n3\n");
        var status = answer.Success(201);
        Assert.Equal("/pools/raffle", answer.Headers["Location"]);
        Assert.Equal(("open", 3, 7), (Text(status, "state"), Integer(status, "drawn"), Integer(status, "remaining")));
        Assert.Equal((3, Hash("3\n7\n10\n")), (Integer(status, "imported"), Text(status, "importedSha256")));

        var log = (await client.FetchAsync("/pools/raffle/draws")).Lines;
        Assert.Equal(("imported", "3,7,10"), (Text(Assert.Single(log), "reference"), string.Join(',', log[0].Numbers())));
        var found = (await client.FetchAsync("/pools/raffle/numbers/7")).Success(200);
        Assert.Equal((true, 1, "imported"), (
            found.GetProperty("drawn").GetBoolean(), Integer(found, "position"), Text(found, "reference")));
        Assert.False((await client.FetchAsync("/pools/raffle/numbers/8")).Success(200).GetProperty("drawn").GetBoolean());

        var drawn = (await client.DrawAsync("raffle", 7)).Success(201).Numbers();
        Assert.Equal([1, 2, 4, 5, 6, 8, 9], drawn.Order());
        (await client.DrawAsync("raffle", 1)).Problem(409, "pool-exhausted");
        await AssertVerifiedAsync("raffle", "10 numbers at positions 0 to 9");
    }

    [Fact]
    public async Task An_import_that_is_repeated_in_any_order_finds_the_same_pool()
    {
        var first = await client.ImportPoolAsync("again", $"{Ten}\n7\n10\n3\n");
        first.Success(201);
        var second = await client.ImportPoolAsync(
            "again", """{"maximum": 10, "minimum": 1, "order": "stored"}""" + "\r\n 3\r\n\r\n10\t\r\n7");
        second.Success(200);
        Assert.Equal(first.Text, second.Text);

        foreach (var body in (string[])[$"{Ten}\n3\n7\n", $"{Ten}\n3\n7\n9\n", """{"minimum":1,"maximum":11}""" + "\n3\n7\n10\n"])
            (await client.ImportPoolAsync("again", body)).Problem(409, "pool-exists");
        var detail = (await client.CreatePoolAsync("again", 1, 10)).Problem(409, "pool-exists").GetProperty("detail").GetString();
        Assert.Contains("a stored order behind 3 imported numbers and no codes, which", detail);
        (await client.CreatePoolAsync("plain", 1, 10)).Success(201);
        (await client.ImportPoolAsync("plain", $"{Ten}\n3\n")).Problem(409, "pool-exists");
        Assert.Equal(first.Text, (await client.FetchAsync("/pools/again")).Text);
    }

    [Fact]
    public async Task An_imported_pool_is_extended_verified_and_imported_again()
    {
        (await client.ImportPoolAsync("more", $"{Ten}\n7\n10\n3\n")).Success(201);
        (await client.SendRequestAsync("POST", "/pools/more/extend", """{"maximum":15}""")).Success(200);
        Assert.Equal(15, Integer((await client.ImportPoolAsync("more", $"{Ten}\n3\n7\n10\n")).Success(200), "maximum"));
        (await client.ImportPoolAsync("more", $"{Ten}\n3\n7\n")).Problem(409, "pool-exists");

        var drawn = (await client.DrawAsync("more", 12)).Success(201).Numbers();
        Assert.Equal([1, 2, 4, 5, 6, 8, 9], drawn[..7].Order());
        Assert.Equal([11, 12, 13, 14, 15], drawn[7..].Order());
        await AssertVerifiedAsync("more", "15 numbers at positions 0 to 14");
    }

    [Fact]
    public async Task Codes_that_are_in_use_are_imported_as_their_numbers()
    {
        const string definition = """{"code":{"alphabet":"digits","length":7,"check":true}}""";
        var status = (await client.ImportPoolAsync("codes", $"{definition}\n1234567\n")).Success(201);
        Assert.Equal("stored", Text(status, "order"));
        while (Text(await client.StatusAsync("codes"), "state") == "seeding")
            await Task.Yield();
        var code = new CodeFormat("digits", 7, check: true).Write(1_234_567);
        var found = (await client.FetchAsync($"/pools/codes/codes/{code}")).Success(200);
        Assert.Equal((true, "imported"), (found.GetProperty("issued").GetBoolean(), Text(found, "reference")));
    }

    [Fact]
    public async Task A_range_of_which_everything_is_imported_is_exhausted_and_reveals_its_seed()
    {
        var status = (await client.ImportPoolAsync("all", $"{Ten}\n{Lines(1, 10)}")).Success(201);
        Assert.Equal(("exhausted", 0), (Text(status, "state"), Integer(status, "remaining")));
        Assert.Matches("^[0-9a-f]{64}$", Text(status, "seed"));
        await AssertVerifiedAsync("all", "10 numbers at positions 0 to 9");
    }

    [Fact]
    public async Task Integers_of_any_size_are_imported()
    {
        const string range = """{"minimum":-9223372036854775808,"maximum":-9223372036854775800}""";
        var status = (await client.ImportPoolAsync("small", $"{range}\n-9223372036854775801\n-9223372036854775808")).Success(201);
        Assert.Equal(Hash("-9223372036854775808\n-9223372036854775801\n"), Text(status, "importedSha256"));
        var zero = (await client.ImportPoolAsync("zero", """{"minimum":-1,"maximum":1}""" + "\n-0\n-1\n")).Success(201);
        Assert.Equal(Hash("-1\n0\n"), Text(zero, "importedSha256"));
    }

    [Fact]
    public async Task A_large_import_is_streamed_and_verified()
    {
        var body = $$"""{"minimum":1,"maximum":400000}{{"\n"}}{{Lines(100_001, 300_000)}}""";
        (await client.ImportPoolAsync("large", body)).Success(201);
        while (Text(await client.StatusAsync("large"), "state") != "open")
        {
        }

        Assert.Equal(200_000, Integer(await client.StatusAsync("large"), "drawn"));
        Assert.All((await client.DrawAsync("large", 10_000)).Success(201).Numbers(), number =>
            Assert.False(number is > 100_000 and <= 300_000));
        (await client.SendRequestAsync("POST", "/check")).Expect(202);
        JsonElement check;
        do
            check = (await client.FetchAsync("/check")).Success(200);
        while (Text(check, "state") == "running");
        Assert.Equal("done", Text(check, "state"));
        (await client.ClosePoolAsync("large")).Success(200);
        await AssertVerifiedAsync("large", "210,000 numbers at positions 0 to 209,999");
    }

    private async Task AssertVerifiedAsync(string pool, string covered)
    {
        var status = await client.FetchAsync($"/pools/{pool}");
        foreach (var format in (string[])["application/x-ndjson", "text/csv"])
        {
            var log = await client.FetchAsync($"/pools/{pool}/draws", accept: format);
            var finding = OrderAudit.Check(
                ExportedStatus.Read(status.Text, "status.json"), log.Text.Split('\n'), TestContext.Current.CancellationToken);
            Assert.True(finding.Holds, finding.Sentence);
            Assert.Contains(covered, finding.Sentence);
        }
    }

    private static string Lines(int first, int last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(number => string.Create(
            CultureInfo.InvariantCulture, $"{number}\n")));

    private static string Hash(string lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static int Integer(JsonElement json, string member) => json.GetProperty(member).GetInt32();
}
