using System.Buffers;
using System.Text;
using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Audit;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Audit;

/// <summary>Text that a spreadsheet would evaluate as a formula.</summary>
public sealed class FormulaTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=HYPERLINK(\"http://evil.example\",1)", "\"'=HYPERLINK(\"\"http://evil.example\"\",1)\"")]
    [InlineData("'=1", "'=1")]
    [InlineData("order-4711", "order-4711")]
    [InlineData(" =1", " =1")]
    [InlineData("1=1", "1=1")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Formulas_are_escaped_in_CSV(string? text, string field)
    {
        var output = new ArrayBufferWriter<byte>();
        using var csv = new CsvLog(format: null);

        csv.Write(output, new LoggedDraw(new DrawLogRow(7, 1, DateTimeOffset.UnixEpoch, text, null, text), new long[] { -5 }));

        Assert.Equal($"7,-5,1970-01-01T00:00:00.000Z,{field},{field},false\r\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public async Task A_log_with_escaped_formulas_can_be_verified()
    {
        var pool = await server.CreatePoolAsync(20);
        foreach (var reference in (string[])["=1+1", "-1,2", "@\"x\"", "plain"])
            (await server.Client.DrawAsync(pool, 2, reference)).Success(201);
        var status = (await server.Client.ClosePoolAsync(pool)).Success(200);
        var csv = (await server.Client.FetchAsync($"/pools/{pool}/draws", accept: "text/csv")).Expect(200).Text;
        var lines = (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines;

        Assert.Contains(",'=1+1,,", csv);
        Assert.Contains(",\"'-1,2\",,", csv);
        Assert.Equal(["=1+1", "-1,2", "@\"x\"", "plain"], lines.Select(line => line.GetProperty("reference").GetString()));
        var seed = new Seed(Convert.FromHexString(status.GetProperty("seed").GetString()!));
        var finding = OrderAudit.Check(new AuditedPool(new PoolRange(1, 20), seed, Published: null, Drawn: 8), csv.Split("\r\n"));
        Assert.True(finding.Holds, finding.Sentence);
    }
}
