using UniqueRandom.Audit;

namespace UniqueRandom.Core.Tests.Audit;

public sealed class ExportedLogTests
{
    private static readonly long[] Order = [3, 8, 2, 9, 7, 6, 4, 1, 10, 5];

    [Fact]
    public void JSON_and_CSV_give_the_same_numbers_at_the_same_positions()
    {
        var json = Positions(SampleLog.Json(Order, 2, 3, 1, 4));
        Assert.Equal([(2, 2), (3, 9), (4, 7), (5, 6), (6, 4), (7, 1), (8, 10), (9, 5)], json);
        Assert.Equal(json, Positions(SampleLog.Csv(Order, 2, 8)));
    }

    [Fact]
    public void Only_the_verified_fields_are_required()
    {
        Assert.Equal([(0, 3), (1, 8)], Positions(["""{"first":0,"count":2,"numbers":[3,8]}"""]));
        Assert.Equal([(0, 3), (1, 8)], Positions(["position,number", "0,3", "1,8"]));
    }

    [Fact]
    public void Empty_lines_are_skipped_but_counted() =>
        Assert.Equal(
            [2L, 4],
            ExportedLog.Read(["", SampleLog.JsonLine(0, 1, 3), " ", SampleLog.JsonLine(1, 1, 8), ""]).Select(line => line.Line));

    [Fact]
    public void An_empty_export_has_no_lines()
    {
        Assert.Empty(ExportedLog.Read([]));
        Assert.Empty(ExportedLog.Read(["position,number,drawnAt,reference,caller,keyed"]));
    }

    [Theory]
    [InlineData("""{"first":1,"count":2,"numbers":[8,""")]
    [InlineData("""{"first":1,"count":1,"numbers":[8.5]}""")]
    [InlineData("""{"first":1,"count":1,"numbers":["8"]}""")]
    [InlineData("""{"first":1,"count":1,"numbers":[9223372036854775808]}""")]
    [InlineData("""{"first":1,"count":1,"numbers":[null]}""")]
    [InlineData("""{"first":1,"count":1,"numbers":null}""")]
    [InlineData("""{"first":1,"count":1}""")]
    [InlineData("""{"first":1,"numbers":[8]}""")]
    [InlineData("""{"count":1,"numbers":[8]}""")]
    [InlineData("""{"first":1,"count":1,"numbers":[9],"numbers":[8]}""")]
    [InlineData("""{"type":"urn:uniquerandom:problem:pool-not-found","status":404}""")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("1,8,,,,")]
    public void A_truncated_or_foreign_line_is_refused_with_its_number(string line) =>
        AssertRefused([SampleLog.JsonLine(0, 1, 3), line]);

    [Theory]
    [InlineData("1,8")]
    [InlineData("1")]
    [InlineData("1,")]
    [InlineData("1,,2026-11-22T18:00:00.123Z")]
    [InlineData("x,8,2026-11-22T18:00:00.123Z")]
    [InlineData("1,8.0,2026-11-22T18:00:00.123Z")]
    [InlineData("1,9223372036854775808,2026-11-22T18:00:00.123Z")]
    [InlineData("""{"first":1,"count":1,"numbers":[8]}""")]
    public void A_truncated_or_foreign_row_is_refused_with_its_line_number(string row) =>
        AssertRefused(["position,number,drawnAt", row]);

    [Theory]
    [InlineData("number,position")]
    [InlineData("position,numbers")]
    [InlineData("0,3")]
    [InlineData("<html>")]
    public void A_log_starts_with_a_JSON_object_or_the_CSV_header(string line)
    {
        var error = Assert.Throws<FormatException>(() => ExportedLog.Read([line]).ToList());
        Assert.StartsWith("line 1 is ", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string[] lines)
    {
        var error = Assert.Throws<FormatException>(() => ExportedLog.Read(lines).ToList());
        Assert.StartsWith("line 2 is truncated or not from an exported log", error.Message, StringComparison.Ordinal);
    }

    private static List<(long Position, long Number)> Positions(IEnumerable<string> lines) =>
        [.. ExportedLog.Read(lines).SelectMany(line => line.Numbers.Select((number, place) => (line.First + place, number)))];
}
